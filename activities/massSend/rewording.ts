// Open tasks whose words were withdrawn: nobody can confirm the old words any more, and the others get those in force.

import type { OpenTaskRecord } from '../../ports/deliveries';
import { mapInParallel } from '../../rules/base/mapInParallel';
import type { ActivityDeps } from '../deps';
import type { PublishedVersions } from '../published';
import type { TouchContext } from '../touch/path';
import { faultOfText, textFor } from '../touch/request';
import { tellFollower, withdrawTouch } from '../touch/withdraw';
import type { EndedTask } from './tasks';
import { pagesOf } from './tasks';

/** Those that are said in other words by now, or in none, each with the version in force. */
async function outdated(
  published: PublishedVersions,
  tasks: readonly OpenTaskRecord[],
): Promise<readonly { readonly task: OpenTaskRecord; readonly inForce: string | null }[]> {
  const refs = [...new Set(tasks.flatMap(({ template }) => template ?? []))];
  const inForce = await Promise.all(refs.map((ref) => published.textInForce(ref)));
  const current = new Map(refs.map((ref, i) => [ref, inForce[i] ?? null]));

  return tasks.flatMap((task) => {
    const ref = task.template === undefined ? undefined : current.get(task.template);
    return ref === undefined || ref === task.template ? [] : [{ task, inForce: ref }];
  });
}

/** True: some are to be made again in other words. */
export const hasOutdated = async (
  published: PublishedVersions,
  tasks: readonly OpenTaskRecord[],
): Promise<boolean> => (await outdated(published, tasks)).some(({ inForce }) => inForce !== null);

/**
 * Takes back tasks that end, and has the others made again in the words in force. Tasks of before their version was kept are judged
 * by the runs that wait for them. Repeats are harmless. Answers how many were told.
 */
export async function recallWords(
  deps: ActivityDeps,
  published: PublishedVersions,
  tasks: readonly OpenTaskRecord[],
): Promise<number> {
  const found = await outdated(published, tasks);
  await mapInParallel(found, async ({ task, inForce }) => {
    const { contactId, touchId, template } = task;
    if (inForce !== null) return tellFollower(deps, task);
    return withdrawTouch(deps, { contactId, touchId, why: `template-withdrawn:${template}` });
  });

  const old = tasks.filter(({ template }) => template === undefined);
  const runs = [...new Set(old.map(({ workflowId }) => workflowId))];
  await mapInParallel(runs, (workflowId) =>
    deps.engine.signal(workflowId, { signal: 'changed', body: { what: 'policy' } }),
  );

  return found.length + runs.length;
}

interface Reworded {
  /** In the order given, with the words that they are to be made again in. */
  readonly tasks: readonly OpenTaskRecord[];
  /** Those whose new words cannot be said to their customers. */
  readonly ended: readonly EndedTask[];
}

/** The tasks in the words in force. */
export async function reword(
  context: TouchContext,
  tasks: readonly OpenTaskRecord[],
): Promise<Reworded> {
  const replaced = new Map<string, OpenTaskRecord>();
  const ended: EndedTask[] = [];
  const found = await outdated(context.published, tasks);

  for (const page of pagesOf(found)) {
    const ids = page.map(({ task }) => task.contactId);
    const contacts = await context.deps.stores.contacts.findMany(ids);
    const known = new Map(contacts.map((contact) => [contact.contactId, contact]));

    for (const { task, inForce } of page) {
      const contact = known.get(task.contactId);
      const kept = contact?.touches.find(({ touchId }) => touchId === task.touchId);
      if (!contact || !kept || inForce === null) continue; // it is being taken back, or gone

      try {
        const asked = { ...kept, template: inForce };
        const text = await textFor(context, { contact, asked });
        replaced.set(task.touchId, { ...task, text, template: inForce });
      } catch (error) {
        const reason = faultOfText(error, inForce);
        ended.push({ task, ending: { settled: 'released', reason } });
      }
    }
  }

  const gone = new Set(ended.map(({ task }) => task.touchId));
  const left = tasks.filter(({ touchId }) => !gone.has(touchId));
  return { tasks: left.map((task) => replaced.get(task.touchId) ?? task), ended };
}
