// Names that a caller may not give a contact: somebody else's contact has them, and with them its answers would move.

import { createHash } from 'node:crypto';
import type { Rights } from '../ports/auth';
import type { Clock } from '../ports/clock';
import type { Alias } from '../ports/contacts';
import type { NameClaim } from '../ports/nameClaims';
import type { Stores } from '../ports/stores';
import type { Contact, Profile } from '../rules/contact/contact';
import { formatInstant } from '../rules/time/instant';
import { UNASSIGNED } from './inbound';

export interface NameRightsDeps {
  readonly stores: Pick<Stores, 'contacts' | 'nameClaims'>;
  readonly clock: Clock;
}

export type Claimant = Pick<Rights, 'cities'> & { readonly name?: string };

/** What is said of a contact's names. */
type Names = Pick<Profile, 'contactId'> & {
  readonly city?: string | null;
  readonly phone?: string | null;
  readonly unionId?: string | null;
};

interface AskedName {
  readonly row: Names;
  readonly name: Alias & { readonly kind: 'phone' | 'unionId' };
}

/** The claims that have to wait for somebody with rights over both sides; they are not kept yet. */
export async function foreignClaims(
  { stores, clock }: NameRightsDeps,
  { cities, name: by = 'import' }: Claimant,
  rows: readonly Names[],
): Promise<readonly NameClaim[]> {
  const asked = cities === undefined ? [] : rows.flatMap(namesOf);
  if (asked.length === 0) return [];

  const holders = await stores.contacts.holdersOf(asked.map(({ name }) => name));
  const ids = new Set([...holders.flat(), ...rows.map(({ contactId }) => contactId)]);
  const found = await stores.contacts.findMany([...ids]);
  const contacts = new Map(found.map((contact) => [contact.contactId, contact]));
  const at = formatInstant(clock.now());

  return asked.flatMap(({ row, name }, i) => {
    const own = contacts.get(row.contactId);
    const foreign = (holders[i] ?? []).flatMap((id) => contacts.get(id) ?? []).filter(isForeign);
    if (foreign.length === 0 || own?.[name.kind] === name.value) return [];
    return [claimOf({ row, name }, own, foreign, { by, at })];

    function isForeign({ contactId, city, numberLostAt }: Contact): boolean {
      const isLost = name.kind === 'phone' && numberLostAt !== undefined;
      return (
        contactId !== row.contactId && !isLost && city !== UNASSIGNED && !cities?.includes(city)
      );
    }
  });
}

function namesOf(row: Names): AskedName[] {
  const { phone, unionId } = row;
  return [
    ...(phone ? [{ row, name: { kind: 'phone' as const, value: phone } }] : []),
    ...(unionId ? [{ row, name: { kind: 'unionId' as const, value: unionId } }] : []),
  ];
}

function claimOf(
  { row, name }: AskedName,
  own: Contact | undefined,
  foreign: readonly Contact[],
  { by, at }: { readonly by: string; readonly at: string },
): NameClaim {
  const { contactId } = row;
  return {
    claimId: createHash('sha256')
      .update(`${contactId}/${name.kind}/${name.value}`)
      .digest('hex')
      .slice(0, 32),
    contactId,
    city: row.city ?? own?.city ?? UNASSIGNED,
    name,
    holders: foreign.map((holder) => ({ contactId: holder.contactId, city: holder.city })),
    by,
    at,
    state: 'waiting',
  };
}

/** The row without the names that wait. */
export function withoutClaimed<Row extends Names>(row: Row, claims: readonly NameClaim[]): Row {
  const kinds = claims
    .filter(({ contactId }) => contactId === row.contactId)
    .map(({ name }) => name.kind);
  const kept = Object.entries(row).filter(([field]) => !kinds.some((kind) => kind === field));
  return Object.fromEntries(kept) as Row; // only optional fields are left out
}
