// A run pins the texts it began with. One that was withdrawn meanwhile is said in the words in force, or not at all.

import type { PublishedVersions } from '../published';
import type { TouchRequest } from './asked';

/** The touches with the texts that they are made with now: each version is looked up once. */
export async function withTextsInForce(
  published: PublishedVersions,
  requests: readonly TouchRequest[],
): Promise<readonly TouchRequest[]> {
  const refs = [...new Set(requests.map(({ template }) => template))];
  const inForce = await Promise.all(refs.map((ref) => published.textInForce(ref)));
  if (refs.every((ref, i) => inForce[i] === ref)) return requests;

  const current = new Map(refs.map((ref, i) => [ref, inForce[i] ?? null]));
  return requests.map((asked) => reworded(asked, current.get(asked.template) ?? null));
}

export async function withTextInForce(
  published: PublishedVersions,
  asked: TouchRequest,
): Promise<TouchRequest> {
  return reworded(asked, await published.textInForce(asked.template));
}

function reworded(asked: TouchRequest, inForce: string | null): TouchRequest {
  if (inForce === asked.template) return asked;
  return inForce === null
    ? { ...asked, withdrawnText: 'ends' }
    : { ...asked, template: inForce, withdrawnText: 'replaced' };
}
