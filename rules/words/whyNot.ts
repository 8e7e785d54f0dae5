// Why a touch went out or did not: every rule's answer in words, with the touches it counted by id.

import type { PreparedPolicy } from '../gate/gate';
import type { Explained } from '../gate/gate.schema';
import { contactFromBasis } from '../ledger/basis';
import { countedTouches, touchesAt } from '../ledger/countedTouches';
import type { DecisionRow, LedgerRow } from '../ledger/rows';
import type { Policy } from '../policy/policy.schema';
import type { Lang } from './terms';
import { wordsFor } from './words';

/** What a decision was made with, as far as the caller has it. */
export interface Circumstances {
  /** The version that the row names. */
  readonly policy: Policy;
  readonly prepared: PreparedPolicy;
  /** The contact's rows of the ledger, at least as far back as the policy's longest window. */
  readonly timeline: readonly LedgerRow[];
}

export interface ExplainedInWords extends Explained {
  readonly words: string;
  /** Gaps and caps: the ids of the touches counted at the instant of the decision, the latest first. */
  readonly counted?: readonly string[];
}

export interface WhyNot {
  /** The verdict in one sentence; for a deferred touch with "would pass at …". */
  readonly summary: string;
  readonly policy: string;
  readonly rules: readonly ExplainedInWords[];
}

/** Why one row of the ledger came out as it did. Without circumstances, or without the row's basis, the gate's own details are shown. */
export function whyNot(row: DecisionRow, lang: Lang, circumstances?: Circumstances): WhyNot {
  const counted = countedBy(row, circumstances);
  const context = {
    ...(circumstances && { policy: circumstances.policy }),
    ...(row.basis && { zone: row.basis.timezone }),
    counted: (rule: Pick<Explained, 'kind' | 'rule'>) => counted(rule)?.length,
  };

  return {
    summary: wordsFor(row, lang, context),
    policy: row.policy,
    rules: row.explain.map((line) => {
      const ids = counted(line);
      return { ...line, words: wordsFor(line, lang, context), ...(ids && { counted: ids }) };
    }),
  };
}

function countedBy(row: DecisionRow, circumstances: Circumstances | undefined) {
  const { basis } = row;
  if (circumstances === undefined || basis === undefined) return () => undefined;

  const { prepared, timeline } = circumstances;
  const read = row.verdict === 'pass' ? row.revision - 1 : row.revision;
  const contact = contactFromBasis({ ...row, basis }, touchesAt(timeline, read));

  return (rule: Pick<Explained, 'kind' | 'rule'>) =>
    rule.kind === 'gap' || rule.kind === 'cap'
      ? countedTouches(prepared, contact, row, rule)
      : undefined;
}
