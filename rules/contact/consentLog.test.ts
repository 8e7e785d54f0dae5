// What follows from statements for a profile, whatever was known before and in whatever order they are told.

import fc from 'fast-check';
import { toldInAnyOrder } from '../../test/support/anyOrder';
import {
  type ConsentEvidence,
  type ConsentStatement,
  importedStatements,
  withAddresses,
  withStatements,
} from './consentLog';
import type { Profile } from './contact';
import { stricterConsents } from './earlierConsents';

const iso = (minute: number) => new Date(Date.UTC(2026, 2, 2) + minute * 60_000).toISOString();
const known: Profile = { contactId: 'c-1', city: 'guangzhou' };

const said = (
  state: ConsentStatement['state'],
  heardAt: number,
  more: Partial<ConsentStatement> = {},
): ConsentStatement => ({
  ...{ channel: 'sms', class: 'marketing', state, source: 'shop', receivedAt: iso(heardAt) },
  ...more,
});
const reply = (heardAt: number) =>
  said('refused', heardAt, { source: 'sms-reply', own: true, address: 'phone:+8613900000000' });

/** Tells statements one after the other, each to what the ones before have left. */
function told(statements: readonly ConsentStatement[], first: Profile = known) {
  let profile = first;
  let log: readonly ConsentEvidence[] = [];
  for (const statement of statements) {
    const heard = withStatements(profile, log, [statement]);
    profile = heard.profile;
    log = [...log, ...heard.added];
  }
  return { profile, log };
}
const marketing = ({ consents }: Profile) => consents?.sms?.marketing;

describe('statements', () => {
  it('are kept once, also when a dated one is told again later', () => {
    const dated = said('granted', 5, { at: iso(1) });
    const { log } = told([reply(1), reply(1), dated, { ...dated, receivedAt: iso(99) }]);
    expect(log).toEqual([reply(1), dated]);
  });

  it('of an answer close the channel to offers until a later word lifts it', () => {
    expect(told([reply(1)]).profile).toEqual({
      ...known,
      consents: { sms: { marketing: 'refused' } },
      holds: [{ channel: 'sms', reason: 'opt-out' }],
    });
    expect(told([reply(1), said('granted', 2)]).profile.holds).toHaveLength(1);
    expect(told([reply(1), said('granted', 2, { own: true })]).profile).toEqual({
      ...known,
      consents: { sms: { marketing: 'granted' } },
    });
  });

  it('of a list without a date grant nothing that anybody refused', () => {
    const list = said('granted', 9, { source: 'import' });
    for (const refused of [said('refused', 1), said('refused', 1, { source: 'import' }), reply(1)])
      expect(marketing(told([refused, list]).profile)).toBe('refused');
    expect(marketing(told([said('refused', 1), { ...list, at: iso(2) }]).profile)).toBe('granted');
  });
});

describe('what an earlier version kept', () => {
  const old = (state: ConsentEvidence['state'], source: string, at?: string): ConsentEvidence => ({
    ...{ channel: 'sms', class: 'marketing', state, source, ...(at !== undefined && { at }) },
  });

  it('is refused when the log says so, although a grant was dated years ahead', () => {
    const log = [
      old('granted', 'shop', '2030-01-01T00:00:00.000Z'),
      old('refused', 'staff', iso(1)),
    ];
    const before = { sms: { marketing: 'granted' } } as const;
    expect(stricterConsents(before, log)).toEqual({ sms: { marketing: 'refused' } });
    expect(marketing(withStatements(known, log.slice(0, 1), [said('refused', 3)]).profile)).toBe(
      'refused',
    );
  });

  it('stays refused against lists, with evidence or without', () => {
    const refused: Profile = { ...known, consents: { sms: { marketing: 'refused' } } };
    for (const log of [[], [old('refused', 'shop', iso(1))], [old('refused', 'import')]]) {
      const list = importedStatements({ consents: { sms: { marketing: 'granted' } } }, log, iso(9));
      const heard = withStatements(refused, log, list);
      expect(marketing(heard.profile)).toBe('refused');
      const again = withStatements(heard.profile, [...log, ...heard.added], [said('granted', 12)]);
      expect(marketing(again.profile)).toBe('refused');
    }
  });

  it('opens the channel that an answer had closed once the customer says yes again', () => {
    const blocks = [
      { channel: 'sms', reason: 'opt-out' },
      { channel: 'sms', reason: 'complaint' },
    ];
    const refused: Profile = { ...known, consents: { sms: { marketing: 'refused' } }, blocks };
    const log = [old('refused', 'sms-reply', iso(1))];
    const tell = (statement: ConsentStatement) => withStatements(refused, log, [statement]).profile;
    expect(tell(said('granted', 2)).blocks).toEqual(blocks);
    expect(tell(said('granted', 2, { own: true })).blocks).toEqual(blocks.slice(1));
    expect(withStatements({ ...known, blocks }, [], [said('granted', 2)]).profile.blocks).toEqual(
      blocks,
    );
  });
});

describe('what was said from an address', () => {
  it('binds a contact that has it, and no longer holds one that has it no more', () => {
    const address = { statements: [reply(1)], heldChannels: ['sms', 'wecom'] };
    const { profile, added } = withAddresses({ profile: known, added: [] }, [], [address]);
    expect(added).toEqual([reply(1)]);
    expect(profile.holds).toEqual([
      { channel: 'sms', reason: 'opt-out' },
      { channel: 'sms', reason: 'reply-unclear' },
      { channel: 'wecom', reason: 'reply-unclear' },
    ]);
    expect(withAddresses({ profile, added: [] }, added, []).profile.holds).toEqual([
      { channel: 'sms', reason: 'opt-out' },
    ]);
  });
});

const statement = fc
  .record({
    state: fc.constantFrom<ConsentStatement['state']>('granted', 'refused'),
    heardAt: fc.integer({ min: 0, max: 12 }),
    saidAt: fc.option(fc.integer({ min: -2, max: 20 }), { nil: undefined }),
    own: fc.boolean(),
    source: fc.constantFrom('shop', 'import'),
  })
  .map(({ state, heardAt, saidAt, own, source }) =>
    said(state, heardAt, {
      source,
      ...(own && { own: true }),
      ...(saidAt !== undefined && { at: iso(saidAt) }),
    }),
  );

test('the same statements told one by one in any order, some of them twice, end alike', () => {
  const histories = toldInAnyOrder(fc.array(statement, { maxLength: 8 }));
  fc.assert(
    fc.property(histories, ([history, shuffled, repeated]) => {
      const atOnce = withStatements(known, [], history).profile;
      expect(told([...shuffled, ...repeated]).profile).toEqual(atOnce);
    }),
    { numRuns: 10_000 },
  );
});
