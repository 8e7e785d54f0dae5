// What leaves the API of our records: links added, personal parts shortened.

import type { Caller, Role } from '../ports/auth';
import type { Alias } from '../ports/contacts';
import type { NameClaim } from '../ports/nameClaims';
import type { RunRecord } from '../ports/runs';
import type { Contact } from '../rules/contact/contact';
import { nationalForm } from '../rules/contact/phone';
import type { ApiDeps } from './deps';

/** +8613800001234 → 138****1234: enough to recognise, not to call. */
const maskPhone = (phone: string): string =>
  nationalForm(phone)
    .replace(/^(\+?\d{3})\d+(\d{4})$/, '$1****$2')
    .replace(/^\+?\d{5,7}$/, '****');

/** Whole customers go to the systems that keep them, and to who answers for the data; everybody else recognises them. */
const SEES_WHOLE: ReadonlySet<Role> = new Set(['machine', 'admin']);

/** A contact without its touches and their executions; for most callers with the phone masked and the union id left out. */
export function contactView(
  { role }: Pick<Caller, 'role'>,
  contact: Contact,
): Readonly<Record<string, unknown>> {
  const {
    touches: _touches,
    elsewhere: _elsewhere,
    fences: _fences,
    beforeMerge: _before,
    mergedFrom,
    ...own
  } = contact;
  const rest = { ...own, ...(mergedFrom && { mergedFrom: mergedFrom.map(idOnly) }) };
  if (SEES_WHOLE.has(role)) return rest;
  const { unionId: _unionId, phone, ...known } = rest;
  return { ...known, ...(phone !== undefined && { phone: maskPhone(phone) }) };
}

/** A claim of a name; most callers see the number masked, and no union id. */
export function claimView(
  { role }: Pick<Caller, 'role'>,
  { name, ...claim }: NameClaim,
): Readonly<Record<string, unknown>> {
  return { ...claim, name: nameView({ role }, name) };
}

/** A name of a contact; most callers see a number masked, and no other name. */
export function nameView({ role }: Pick<Caller, 'role'>, name: Alias): Partial<Alias> {
  const { kind, value } = name;
  if (SEES_WHOLE.has(role)) return name;
  return kind === 'phone' ? { kind, value: maskPhone(value) } : { kind };
}

const idOnly = ({ contactId }: { readonly contactId: string }) => ({ contactId });

export function runView(
  { runLink }: Pick<ApiDeps, 'runLink'>,
  run: RunRecord,
): Readonly<Record<string, unknown>> {
  const link = runLink(run.workflowId);
  return { ...run, ...(link !== undefined && { link }) };
}
