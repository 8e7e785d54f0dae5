// Open tasks of a wave, looked at by the page: those that have ended are taken note of, those that have become wrong are taken back.

import type { WaveContact } from '../../ports/waves';
import { allTouchesOf, type Contact, type KeptTouch } from '../../rules/contact/contact';
import { formatInstant } from '../../rules/time/instant';
import { policiesAt } from '../touch/decide';
import { reviewTask } from '../touch/review';
import { answerOfKept, deadlineOfKept } from '../touch/verdict';
import { withdrawTouch } from '../touch/withdraw';
import { afterVerdict, ended, stillTasked, takenBack, waiting } from './outcome';
import { requestOf, type WaveContext } from './wave';

/** A task with the touch as the contact's document has it. */
interface FoundTask {
  readonly task: WaveContact;
  readonly contact: Contact;
  readonly kept: KeptTouch;
}

/** At most as many as a store reads and writes at once. */
export async function lookAtTasks(
  context: WaveContext,
  tasks: readonly WaveContact[],
): Promise<void> {
  if (tasks.length === 0) return;

  const { waves } = context.deps.stores;
  const found = await findTasks(context, tasks);
  const known = new Set(found.map(({ task }) => task));
  const now = context.deps.clock.now();
  const gone = tasks
    .filter((task) => !known.has(task))
    .map((contact) => ended({ contact, now }, 'suppressed', { reason: 'unknown-contact' }));

  const review = await reviewer(context);
  const next: WaveContact[] = [];
  for (const each of found) next.push(await afterLook(context, each, review));
  await waves.keep([...gone, ...next]);
}

/** Judges an open task again; answers what it comes to when it is wrong, having taken it back. */
type Review = (found: FoundTask) => Promise<WaveContact | null>;

/** All at one instant, so that each text and each city's policy is read once. */
async function reviewer(context: WaveContext): Promise<Review> {
  const { deps, published, wave } = context;
  const now = deps.clock.now();
  const at = formatInstant(now);
  const policyOf = policiesAt(published, at);
  const inForce = wave.template && (await published.textInForce(wave.template));

  return async ({ task, contact }) => {
    const asked = requestOf(context, task);
    const said = inForce === null ? { ...asked, withdrawnText: 'ends' as const } : asked;
    const policy = await policyOf(contact.city);
    const review = await reviewTask(context, said, contact, policy, at);
    return review.stands ? null : takenBack({ contact: task, now }, review.verdict, review.reason);
  };
}

/** Takes back those that have become wrong since they were decided. */
export async function reviewOpen(
  context: WaveContext,
  tasks: readonly WaveContact[],
): Promise<void> {
  if (tasks.length === 0) return;

  const review = await reviewer(context);
  const wrong: WaveContact[] = [];
  for (const found of await findTasks(context, tasks)) {
    const next = found.kept.state === 'tasked' ? await review(found) : null;
    if (next) wrong.push(next);
  }
  await context.deps.stores.waves.keep(wrong);
}

/** Takes them back whatever they are; they end when whoever follows them says how. */
export async function takeBackTasks(
  context: WaveContext,
  tasks: readonly WaveContact[],
  why: string,
): Promise<void> {
  const { deps } = context;
  for (const { contact, kept } of await findTasks(context, tasks))
    if (kept.state === 'tasked')
      await withdrawTouch(deps, { contactId: contact.contactId, touchId: kept.touchId, why });

  const now = nowOf(context);
  await deps.stores.waves.keep(
    tasks.map((contact) => takenBack({ contact, now }, 'suppressed', why)),
  );
}

const nowOf = ({ deps }: WaveContext): number => deps.clock.now();

/** A contact that went into another one has its touches counted with it. */
async function findTasks(
  context: WaveContext,
  tasks: readonly WaveContact[],
): Promise<readonly FoundTask[]> {
  const contacts = await context.deps.stores.contacts.findMany(
    tasks.map(({ contactId }) => contactId),
  );
  const touches = new Map(
    contacts.flatMap((contact) =>
      allTouchesOf(contact).map((kept) => [kept.touchId, { contact, kept }]),
    ),
  );

  return tasks.flatMap((task) => {
    const found = touches.get(requestOf(context, task).touchId);
    return found ? [{ task, ...found }] : [];
  });
}

async function afterLook(
  context: WaveContext,
  found: FoundTask,
  review: Review,
): Promise<WaveContact> {
  const { kept, task } = found;
  const answered = { contact: task, slot: context.slot, now: nowOf(context) };
  const asked = requestOf(context, task);

  if (kept.state !== 'tasked') {
    // It may be asked for again; it was wrong only then.
    if (kept.state === 'released' && task.takenBack === 'deferred')
      return waiting(answered, answered.now, { reason: task.reason ?? 'withdrawn' });
    return afterVerdict(answered, answerOfKept(kept, asked));
  }

  const deadline = Date.parse(deadlineOfKept(kept, asked));
  // From then on its follower ends it.
  const isToBeJudged = kept.withdrawn === undefined && deadline > answered.now;
  return (isToBeJudged ? await review(found) : null) ?? stillTasked(answered, deadline);
}
