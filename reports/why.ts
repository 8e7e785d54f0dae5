// Why and why not, in words: every rule's answer with the touches it counted, for rows of the ledger and for a touch asked ahead.

import type { Library } from '../ports/library';
import { parseVersionRef } from '../rules/base/ids';
import type { Contact } from '../rules/contact/contact';
import type { GateContact } from '../rules/contact/gateContact.schema';
import type { Decision, Explained, Touch } from '../rules/gate/gate.schema';
import { type PolicySnapshot, snapshotsOf } from '../rules/gate/policySnapshot';
import { countedTouches } from '../rules/ledger/countedTouches';
import type { DecisionRow, LedgerRow } from '../rules/ledger/rows';
import { policyFor } from '../rules/policy/cities';
import type { PolicyDocument } from '../rules/policy/document.schema';
import { longestWindowHours } from '../rules/policy/longestWindow';
import type { Lang } from '../rules/words/terms';
import { type Circumstances, type WhyNot, whyNot } from '../rules/words/whyNot';
import { wordsFor } from '../rules/words/words';

export const LANGS: readonly Lang[] = ['zh-CN', 'en'];

type Words = Readonly<Partial<Record<Lang, string>>>;

interface RuleInWords extends Explained {
  readonly words: Words;
  readonly counted?: readonly string[];
}

export interface DecisionInWords {
  readonly words: Words;
  readonly explain?: readonly RuleInWords[];
}

const inEach = (langs: readonly Lang[], say: (lang: Lang) => string): Words =>
  Object.fromEntries(langs.map((lang) => [lang, say(lang)]));

/** A decision that was only asked for, in words. */
export function explainDecision(
  decision: Decision,
  asked: PolicySnapshot & { readonly contact: GateContact; readonly touch: Touch },
  langs: readonly Lang[] = LANGS,
): Decision & DecisionInWords {
  const { policy, prepared, contact, touch } = asked;
  const counted = (line: Pick<Explained, 'kind' | 'rule'>) =>
    line.kind === 'gap' || line.kind === 'cap'
      ? countedTouches(prepared, contact, touch, line)
      : undefined;
  const zone = contact.timezone ?? policy.timezone;
  const context = {
    policy,
    zone,
    counted: (line: Pick<Explained, 'kind' | 'rule'>) => counted(line)?.length,
  };

  return {
    ...decision,
    words: inEach(langs, (lang) => wordsFor(decision, lang, context)),
    explain: decision.explain.map((line) => {
      const ids = counted(line);
      const words = inEach(langs, (lang) => wordsFor(line, lang, context));
      return { ...line, words, ...(ids && { counted: ids }) };
    }),
  };
}

/** What was read of a contact's ledger. */
export interface Read {
  readonly timeline: readonly LedgerRow[];
  /** How far before the first row asked for the timeline was read; windows longer than this were not seen whole. */
  readonly reachHours: number;
  /** Zone of the contact, for rows that name none. */
  readonly zone: string;
}

/** Rows of the ledger in words; policies are read by the versions that the rows name, each once. */
export async function explainRows(
  policies: Pick<Library<PolicyDocument>, 'find'>,
  rows: readonly LedgerRow[],
  read: Read,
  langs: readonly Lang[] = LANGS,
): Promise<(LedgerRow & DecisionInWords)[]> {
  const documents = await policiesNamedBy(policies, rows);
  return rows.map((row) => {
    if (row.kind === 'settlement')
      return { ...row, words: inEach(langs, (lang) => wordsFor(row, lang, { zone: read.zone })) };

    const named = documents.get(row.policy)?.(row.city);
    const isSeen = named !== undefined && named.windowHours <= read.reachHours;
    const circumstances = isSeen ? { ...named, timeline: read.timeline } : undefined;

    return { ...row, ...rowInWords(row, circumstances, langs) };
  });
}

function rowInWords(
  row: DecisionRow,
  circumstances: Circumstances | undefined,
  langs: readonly Lang[],
): Required<DecisionInWords> {
  const reasons = langs.map((lang): [Lang, WhyNot] => [lang, whyNot(row, lang, circumstances)]);
  const words = (pick: (why: WhyNot) => string | undefined): Words =>
    Object.fromEntries(reasons.map(([lang, why]) => [lang, pick(why)]));
  const counted = reasons[0]?.[1].rules ?? [];

  return {
    words: words(({ summary }) => summary),
    explain: row.explain.map((line, i) => ({
      ...line,
      words: words(({ rules }) => rules[i]?.words),
      ...(counted[i]?.counted && { counted: counted[i].counted }),
    })),
  };
}

/** The policies that rows name, by city. A version that cannot be found is left out: the gate's details stand in. */
async function policiesNamedBy(
  policies: Pick<Library<PolicyDocument>, 'find'>,
  rows: readonly LedgerRow[],
): Promise<ReadonlyMap<string, (city: string) => PolicySnapshot>> {
  const refs = new Set(rows.flatMap((row) => (row.kind === 'decision' ? [row.policy] : [])));
  const named = new Map<string, (city: string) => PolicySnapshot>();

  await Promise.all(
    [...refs].map(async (ref) => {
      const version = parseVersionRef(ref);
      const found = version && (await policies.find(version.id, version.version));
      // Holidays decide when something would pass, not what a window counts.
      if (found) named.set(ref, snapshotsOf(found.body, {}));
    }),
  );

  return named;
}

/** Hours before an instant that have to be read for the windows of a policy, and for touches that were decided long before they went out. */
export const hoursToReadBack = (document: PolicyDocument, contact: Pick<Contact, 'city'>): number =>
  longestWindowHours(policyFor(document, contact.city)) + WAIT_HOURS;

const WAIT_HOURS = 31 * 24;
