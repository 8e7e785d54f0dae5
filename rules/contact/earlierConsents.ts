// What earlier versions kept of consents, as statements: they noted no receipt, and no import lifted what they took for refused.

import type { ConsentEvidence, ConsentStatement } from './consentLog';
import type { Profile, TouchClass } from './contact';
import { type ConsentStates, consentsOf } from './statements';

/** When something was heard of which nobody noted when. */
export const LONG_AGO = '1970-01-01T00:00:00.000Z';

type Known = NonNullable<Profile['consents']>;

/** Sources whose statements were dated by our own clock: what the log has before them was heard no later. */
const DATED_BY_US: ReadonlySet<string> = new Set(['staff', 'sms-reply', 'import']);

/** The log as statements, in its order; then what the consents say without evidence. */
export function readEarlier(log: readonly ConsentEvidence[], consents: Known): ConsentStatement[] {
  const read: ConsentStatement[] = [];
  let heardBy: string | undefined;

  for (const each of log.toReversed()) {
    const statement = statementOf(each, heardBy);
    read.unshift(statement);

    const isSure = each.receivedAt !== undefined || DATED_BY_US.has(each.source);
    if (isSure && (heardBy === undefined || statement.receivedAt < heardBy))
      heardBy = statement.receivedAt;
  }

  return [...read, ...withoutEvidence(log, consents)];
}

/**
 * The consents as the log gives them; what the document takes for refused stays so. Of a customer whose withdrawals came after
 * a grant that was dated years ahead, the document says "granted".
 */
export function stricterConsents(
  known: Known = {},
  log: readonly ConsentEvidence[] = [],
): ConsentStates {
  const statements = readEarlier(log, known);
  const refused = Object.entries(known).flatMap(([channel, states]) =>
    Object.entries(states ?? {}).flatMap(([name, state]) =>
      state === 'refused' ? [[channel, name]] : [],
    ),
  );

  const consents: Record<string, Record<string, string>> = { ...consentsOf(statements).consents };
  for (const [channel = '', name = ''] of refused)
    consents[channel] = { ...consents[channel], [name]: 'refused' };
  return consents as ConsentStates;
}

/** A grant that was dated ahead of what was heard after it counts for nothing, as one that comes now. */
function statementOf(evidence: ConsentEvidence, heardBy: string | undefined): ConsentStatement {
  const { receivedAt, at, ...said } = evidence;
  if (receivedAt !== undefined) return { ...evidence, receivedAt };

  const told = at ?? LONG_AGO;
  const isOwnDate = at !== undefined && said.source !== 'import';
  return {
    ...said,
    receivedAt: heardBy !== undefined && heardBy < told ? heardBy : told,
    ...(isOwnDate && { at }),
    ...(said.state === 'refused' && { own: true }),
  };
}

function withoutEvidence(log: readonly ConsentEvidence[], consents: Known): ConsentStatement[] {
  return Object.entries(consents).flatMap(([channel, states]) =>
    Object.entries(states ?? {}).flatMap(([name, state]): ConsentStatement[] => {
      if (!state || log.some((each) => each.channel === channel && each.class === name)) return [];

      const place = { channel, class: name as TouchClass, state };
      const own = state === 'refused' && { own: true };
      return [{ ...place, source: 'earlier', receivedAt: LONG_AGO, ...own }];
    }),
  );
}
