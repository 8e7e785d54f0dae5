import type { DecisionRow } from '../rows';
import { digestOfRow, hourOf, type SealedRow } from '../seal/seal';
import { createPseudonyms, pseudonymous, sealedRowId } from '../subject';
import { brokenBySeals } from './sealed';

const subjectOf = createPseudonyms('the-key-of-the-pseudonyms');
const SPAN = { sealedUntil: '2026-03-02T05:00:00.000Z' };
const CONTACT = 'c-1';

const aRow = (touchId: string): DecisionRow => ({
  ...{ kind: 'decision', touchId, attempt: 1, contactId: CONTACT, subject: subjectOf(CONTACT) },
  ...{ at: '2026-03-02T04:10:00.000Z', channel: 'sms', class: 'marketing', city: 'yunfu' },
  ...{ verdict: 'deferred', reason: 'quiet-hours', explain: [], policy: 'default@1' },
  ...{ journey: 'followUp', step: 's', workflowId: touchId, runId: '', revision: 1 },
});

const asSealed = (row: DecisionRow): SealedRow => ({
  kind: 'row',
  hour: hourOf(row.at),
  contactId: pseudonymous(row).contactId,
  row: sealedRowId(row),
  digest: digestOfRow(row),
});

describe('a row that was sealed under a pseudonym', () => {
  it.each([
    ['in its middle', `followUp/${CONTACT}/e/step`],
    ['at its end', `month/balance/2026-03-02/${CONTACT}`],
    ['before a channel', `month/balance/2026-03-02/${CONTACT}/sms`],
  ])('is found again where the id of its touch has the contact %s', (_, touchId) => {
    const row = aRow(touchId);
    expect(brokenBySeals([row], [asSealed(row)], SPAN, subjectOf)).toEqual([]);
  });

  it('is missed when it is no more in the ledger', () => {
    const [gone, left] = ['2026-03-01', '2026-03-02'].map((date) => aRow(`m/b/${date}/${CONTACT}`));
    if (!gone || !left) throw new Error('no rows');
    const found = brokenBySeals([left], [asSealed(gone), asSealed(left)], SPAN, subjectOf);
    expect(found.map(({ kind, touchId }) => [kind, touchId])).toEqual([
      ['row-missing', `m/b/2026-03-01/${subjectOf(CONTACT)}`],
    ]);
  });
});
