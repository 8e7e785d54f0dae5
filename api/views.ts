// What leaves the API of our records: links added, personal parts shortened.

import type { Run } from '../ports/runs';
import type { Contact } from '../rules/contact';
import type { ApiDeps } from './deps';

/** 13800001234 → 138****1234: enough to recognise, not to call. */
export const maskPhone = (phone: string): string =>
  phone.replace(/^(\d{3})\d+(\d{4})$/, '$1****$2').replace(/^\d{5,7}$/, '****');

/** A contact without its touches; the phone masked and the union id left out. */
export function contactView(contact: Contact): Readonly<Record<string, unknown>> {
  const { touches: _touches, unionId: _unionId, phone, ...rest } = contact;
  return { ...rest, ...(phone !== undefined && { phone: maskPhone(phone) }) };
}

export function runView({ runLink }: Pick<ApiDeps, 'runLink'>, run: Run): Readonly<Record<string, unknown>> {
  const link = runLink(run.workflowId);
  return { ...run, ...(link !== undefined && { link }) };
}
