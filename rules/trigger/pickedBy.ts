// By which personal feature a condition picks contacts: what marketing may not rest on for who refused it (PIPL Art. 24).

import { type Condition, isGroup } from './condition';

/** Fields of a contact that say where it is and how it can be reached, and nothing of the person. */
const OF_NOBODY: ReadonlySet<string> = new Set([
  ...['contactId', 'city', 'timezone'],
  ...['channels', 'consents', 'relations', 'staffId'],
]);

/** What a condition may ask of the run itself. */
const OF_THE_RUN = 'run';

/** The personal feature by which a condition picks contacts, the first one that it names; undefined: none. */
export function pickedBy(condition: Condition | undefined): string | undefined {
  const features = pathsOfCondition(condition ?? {}).map(featureOf);
  return features.find((name) => !OF_NOBODY.has(name) && name !== OF_THE_RUN);
}

/** `facts.dataUsedPct` is known by its own name, `plan.fee` by the plan's. */
function featureOf(path: string): string {
  const [field = '', fact] = path.split('.');
  return field === 'facts' && fact !== undefined ? fact : field;
}

/** The dotted paths that a condition asks, in the order in which they stand. */
function pathsOfCondition(condition: Condition): readonly string[] {
  return Object.entries(condition).flatMap(([key, test]) =>
    isGroup(key) ? (test as readonly Condition[]).flatMap(pathsOfCondition) : key,
  );
}
