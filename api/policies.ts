// Policies as the API reads them: a document without a number from a draft, the version in force from the store.

import type { Version } from '../ports/library';
import type { Stores } from '../ports/stores';
import {
  type PolicyDocument,
  parsePolicyDocument,
  policyDocumentSchema,
} from '../rules/policy/document.schema';
import { inForceAt } from '../rules/policy/versions';
import { instantAt } from '../rules/time/instant';

/** Documents the body of a draft: its id stands beside it, its number is given by the library. */
export const policyBody = policyDocumentSchema.partial({ id: true, version: true });

/** Stands in a draft's body until the library has given it a number; what is shown and used carries the real one. */
const UNNUMBERED = 0;

/** @throws CodedError INVALID_INPUT naming the place under `path`, the value and the bound. */
export function readPolicy(body: unknown, id: string, path: string): PolicyDocument {
  // Anything that is no object is refused as it is.
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return parsePolicyDocument(isObject ? { ...body, id, version: UNNUMBERED } : body, path);
}

/** The version of a policy in force at an instant (ISO); null: none is. */
export async function policyInForce(
  { policies }: Pick<Stores, 'policies'>,
  id: string,
  at: string,
): Promise<Version<PolicyDocument> | null> {
  const publication = inForceAt(await policies.publications(id), instantAt(at, 'at'));
  return publication ? await policies.find(id, publication.version) : null;
}
