// Several contacts with one number: who still has it, and who lost it to a newer customer (二次放号).

import type { Profile } from './contact';

type Claim = Pick<
  Profile,
  'contactId' | 'unionId' | 'activatedAt' | 'phoneClaimedAt' | 'phoneShared'
>;

/**
 * Ids of the contacts that lost the number that all of them name. The newest claim has it: the account that was activated last where
 * both say when, else the claim that was heard last. Claims of one instant, as of one batch, share it, and so does who says so
 * (a family card); two records of one person take nothing from each other.
 */
export function losersOfNumber(claims: readonly Claim[]): string[] {
  const alone = claims.filter(({ phoneShared }) => phoneShared !== true);
  return alone
    .filter((each) => alone.some((other) => isNewer(other, each) && !isSamePerson(other, each)))
    .map(({ contactId }) => contactId);
}

function isNewer(a: Claim, b: Claim): boolean {
  if (a.activatedAt !== undefined && b.activatedAt !== undefined)
    return a.activatedAt > b.activatedAt;

  // From before the instant was kept: older than all that is heard now.
  return (a.phoneClaimedAt ?? '') > (b.phoneClaimedAt ?? '');
}

const isSamePerson = (a: Claim, b: Claim): boolean =>
  a.unionId !== undefined && a.unionId === b.unionId;
