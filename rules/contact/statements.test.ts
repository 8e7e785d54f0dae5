// The worked cases of statements, their cousins, and what holds of every history.

import fc from 'fast-check';
import { toldInAnyOrder } from '../../test/support/anyOrder';
import { workedCases } from '../../test/support/workedCases';
import { consentsOf, type Statement } from './statements';
import { answerStatements } from './statements.schema';

test.each(workedCases('statements'))(
  'answers the worked case %s',
  (_name, { expect: expected, ...given }) => {
    expect(answerStatements(given)).toEqual(expected);
  },
);

const iso = (minute: number) => new Date(Date.UTC(2026, 2, 2) + minute * 60_000).toISOString();

/** A statement on marketing by SMS, heard at a minute. */
const said = (
  state: Statement['state'],
  heardAt: number,
  more: Partial<Statement> = {},
): Statement => ({
  ...{ channel: 'sms', class: 'marketing', state, receivedAt: iso(heardAt) },
  ...more,
});
const stateOf = (...statements: Statement[]) => consentsOf(statements).consents.sms?.marketing;

describe('of what a customer said', () => {
  it('the latest counts, in whatever order it was heard', () => {
    const granted = said('granted', 10, { at: iso(0) });
    const refused = said('refused', 5, { at: iso(1) });
    expect(stateOf(granted, refused)).toBe('refused');
    expect(stateOf(refused, granted)).toBe('refused');
    expect(stateOf(refused, said('granted', 20, { at: iso(2) }))).toBe('granted');
  });

  it('a grant dated ahead makes no later refusal void', () => {
    const ahead = said('granted', 0, { at: iso(1.5) });
    expect(stateOf(ahead, said('refused', 1, { own: true }))).toBe('refused');
    expect(stateOf(ahead, said('refused', 0))).toBe('refused');
  });

  it('what is dated more than five minutes ahead counts for nothing', () => {
    expect(consentsOf([said('granted', 0, { at: iso(5.001) })])).toEqual({
      consents: {},
      refused: [0],
    });
    expect(stateOf(said('granted', 0, { at: iso(5) }))).toBe('granted');
  });

  it('a refusal of the own counts from when it was heard, whatever it says of its time', () => {
    const own = { own: true } as const;
    for (const at of [iso(-500), iso(500)])
      expect(stateOf(said('granted', 3, { at: iso(3) }), said('refused', 4, { ...own, at }))).toBe(
        'refused',
      );
  });

  it('a list that says "granted" and no more lifts no refusal of the own, nor does one that knows nothing', () => {
    const refused = said('refused', 0, { own: true });
    expect(stateOf(refused, said('granted', 9))).toBe('refused');
    for (const more of [{}, { at: iso(8) }])
      expect(stateOf(refused, said('unknown', 9, more))).toBe('refused');
    expect(stateOf(refused, said('granted', 9, { at: iso(8) }))).toBe('granted');
    expect(stateOf(refused, said('granted', 9, { own: true }))).toBe('granted');
    expect(stateOf(said('refused', 0), said('granted', 9))).toBe('granted');
  });

  it('a word on one channel or class says nothing of another', () => {
    const { consents } = consentsOf([
      said('granted', 0),
      said('refused', 1, { channel: 'wecom', own: true }),
      said('refused', 1, { class: 'service' }),
    ]);
    expect(consents).toEqual({
      sms: { marketing: 'granted', service: 'refused' },
      wecom: { marketing: 'refused' },
    });
  });
});

const statement = fc
  .record({
    channel: fc.constantFrom('sms', 'wecom'),
    class: fc.constantFrom<Statement['class']>('marketing', 'service'),
    state: fc.constantFrom<Statement['state']>('granted', 'refused'),
    heardAt: fc.integer({ min: 0, max: 12 }),
    saidAt: fc.option(fc.integer({ min: -2, max: 20 }), { nil: undefined }),
    own: fc.boolean(),
  })
  .map(
    ({ heardAt, saidAt, ...given }): Statement => ({
      ...given,
      receivedAt: iso(heardAt),
      ...(saidAt !== undefined && { at: iso(saidAt) }),
    }),
  );

test('every order of arrival ends as the statements in the order of their time, ties to the refusal', () => {
  const histories = toldInAnyOrder(fc.array(statement, { maxLength: 9 }));
  fc.assert(
    fc.property(histories, ([history, shuffled, repeated]) => {
      const { consents } = consentsOf([...shuffled, ...repeated]);
      expect(consents).toEqual(playedInOrder(history));
    }),
    { numRuns: 10_000 },
  );
});

/** The same, as a clerk would do it who sorts the slips and goes through them. */
function playedInOrder(history: readonly Statement[]) {
  const ms = Date.parse;
  const slips = history.flatMap((slip) => {
    const { at, receivedAt, own, state } = slip;
    const isOwnNo = own === true && state === 'refused';
    if (!isOwnNo && at !== undefined && ms(at) - ms(receivedAt) > 300_000) return [];
    const time = isOwnNo || at === undefined ? ms(receivedAt) : Math.min(ms(at), ms(receivedAt));
    return [{ ...slip, isOwnNo, time }];
  });
  slips.sort((a, b) => a.time - b.time || (a.state === 'refused' ? 1 : -1));

  const table: Record<string, Record<string, string>> = {};
  for (const slip of slips) {
    const isBare = slip.state === 'granted' && slip.own !== true && slip.at === undefined;
    const hasOwnNo = slips.some(
      (other) => other.isOwnNo && other.channel === slip.channel && other.class === slip.class,
    );
    if (isBare && hasOwnNo) continue;
    table[slip.channel] = { ...table[slip.channel], [slip.class]: slip.state };
  }
  return table;
}
