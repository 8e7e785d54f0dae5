// From reservations to the channel and back: the record is opened before the call, and an open record is a question for
// the channel, never a reason to send again.

import type { Channel, Delivered } from '../../ports/channel';
import type { DeliveryRecord } from '../../ports/deliveries';
import { isCodedError } from '../../rules/base/errors';
import type { Catalogue } from '../../rules/catalogue/catalogue';
import { render } from '../../rules/catalogue/template';
import { speakerFor } from '../../rules/contact/contact';
import { isBlacklisted } from '../../rules/contact/optOut';
import type { TouchInput } from '../contract';
import { tryLater } from '../failures';
import { type Desk, judge, nowOf } from './ask';
import type { Endings, Held } from './entry';
import { sideBySide } from './sideBySide';
import { variablesOf } from './variables';
import { deadlineOfKept, HELD, released } from './verdict';

/** Calls to one channel at a time. */
const AT_ONCE = 16;

/** A record, ready to be handed to its channel. */
interface Letter {
  readonly held: Held;
  readonly record: DeliveryRecord;
  readonly channel: Channel;
}

interface Answered {
  readonly held: Held;
  readonly record: DeliveryRecord;
  readonly answer: Delivered;
}

interface Release {
  readonly held: Held;
  readonly why: string;
}

/** Fresh reservations: nothing can have been sent yet. */
export async function deliver(
  desk: Desk,
  reserved: readonly Held[],
  endings: Endings,
): Promise<void> {
  if (reserved.length === 0) return;
  const { deliveries } = desk.deps.stores;
  const catalogue = await desk.published.catalogue();
  const releases: Release[] = [];
  const written: Letter[] = [];
  for (const held of reserved) {
    const letter = await write(desk, held, catalogue.body);
    if ('why' in letter) releases.push(letter);
    else written.push(letter);
  }
  await release(desk, releases, endings);
  if (written.length === 0) return;
  const opened = await deliveries.openMany(written.map(({ record }) => record));
  const letters = written.map((letter, i) => ({
    ...letter,
    record: opened[i]?.record ?? letter.record,
  }));
  await handOver(desk, letters, endings);
}

/**
 * Reservations that were found, not made. A crash, or a channel that asked to wait, lies between: the channel's record comes
 * first, and where it never took the touch the gate is asked again, for the pass may be hours old.
 */
export async function resumeTouches(
  desk: Desk,
  found: readonly Held[],
  endings: Endings,
): Promise<void> {
  if (found.length === 0) return;
  const records = await desk.deps.stores.deliveries.findMany(found.map(({ kept }) => kept.touchId));
  const known = new Map(records.map((record) => [record.touchId, record]));
  const settled: Answered[] = [];
  const taken: Answered[] = [];
  const unsent: { readonly held: Held; readonly letter: Letter | null }[] = [];
  await sideBySide(found, AT_ONCE, async (held) => {
    const { kept, ask } = held;
    const latest = known.get(kept.touchId);
    const record = latest?.attempt === kept.attempt ? latest : null;
    const channel = desk.deps.channels.get(ask.input.channel);
    if (record?.answer) settled.push({ held, record, answer: record.answer });
    else if (!record || !channel) unsent.push({ held, letter: null });
    else
      await attempt(held, endings, async () => {
        const answer = await channel.lookup(record);
        if (answer) taken.push({ held, record, answer });
        else unsent.push({ held, letter: { held, record, channel } });
      });
  });
  await settle(desk, settled, endings);
  await heed(desk, taken, endings);

  const at = nowOf(desk);
  const releases: Release[] = [];
  const again: typeof unsent = [];
  for (const each of unsent) {
    const { ask, contact } = each.held;
    const judged = await judge(ask, await desk.published.policyFor(contact.city, at), contact, at);
    if (judged.verdict === 'pass') again.push(each);
    else
      releases.push({
        held: each.held,
        why: `${HELD}${judged.rule ?? judged.reason ?? judged.verdict}`,
      });
  }
  await release(desk, releases, endings);
  await deliver(
    desk,
    again.flatMap(({ held, letter }) => (letter ? [] : held)),
    endings,
  );
  await handOver(
    desk,
    again.flatMap(({ letter }) => letter ?? []),
    endings,
  );
}

/** What is about to be handed over, or why it cannot be made. */
async function write(
  { deps, published, caller }: Desk,
  held: Held,
  catalogue: Catalogue,
): Promise<Letter | Release> {
  const { contact } = held;
  const { input } = held.ask;
  const channel = deps.channels.get(input.channel);
  if (!channel) return { held, why: `refused:no-channel-${input.channel}` };
  const relation = input.channel === 'wecom' ? speakerFor(contact, input.staffId) : undefined;
  if (input.channel === 'wecom' && !relation) return { held, why: 'refused:no-relation' };
  const staffId = relation?.staffId ?? input.staffId;
  try {
    const template = await published.template(input.template);
    const record = {
      touchId: input.touchId,
      attempt: input.attempt,
      contactId: contact.contactId,
      channel: channel.name,
      workflowId: caller.workflowId,
      text: render(
        withNote(template.text, input, channel),
        variablesOf(contact, catalogue, input.product),
        channel.maxBytes,
      ),
      askedAt: deps.clock.now(),
      ...(contact.phone !== undefined && { phone: contact.phone }),
      ...(relation && { externalUserId: relation.externalUserId }),
      ...(staffId !== undefined && { staffId }),
      ...(input.welcomeCode !== undefined && { welcomeCode: input.welcomeCode }),
      ...(input.expiresAt !== undefined && { expiresAt: Date.parse(input.expiresAt) }),
    };
    return { held, record, channel };
  } catch (error) {
    if (!isCodedError(error)) throw error;
    if (error.code === 'NOT_FOUND') return { held, why: `template:${input.template}` };
    if (error.code.startsWith('TEMPLATE_'))
      return { held, why: `template:${error.issues[0]?.path ?? error.code}` };
    throw error;
  }
}

/** Does something for one touch that must not hold up the others when it fails. */
async function attempt(held: Held, endings: Endings, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (failure) {
    endings.set(held.place, { failure });
  }
}

/** A marketing text says how to refuse further ones, whoever wrote it: the law asks it of every single one. */
function withNote(text: string, input: TouchInput, { refusalNote }: Channel): string {
  const isWanted =
    refusalNote !== undefined && input.class === 'marketing' && !text.includes(refusalNote);
  return isWanted ? `${text} ${refusalNote}` : text;
}

async function handOver(desk: Desk, letters: readonly Letter[], endings: Endings): Promise<void> {
  const answered: Answered[] = [];
  await sideBySide(letters, AT_ONCE, ({ held, record, channel }) =>
    attempt(held, endings, async () => {
      answered.push({ held, record, answer: await channel.deliver(record) });
    }),
  );
  await heed(desk, answered, endings);
}

/** Keeps final answers of the channel, then acts on them. "Not now" is not final: the reservation waits for the next try. */
async function heed(desk: Desk, answered: readonly Answered[], endings: Endings): Promise<void> {
  const final: Answered[] = [];
  for (const each of answered) {
    const { answer, held, record } = each;
    if (answer.kind === 'refused' && answer.retryable)
      endings.set(held.place, {
        failure: tryLater(
          'THROTTLED',
          `${record.channel} refused for now: ${answer.reason}`,
          answer.retryAfterMs,
        ),
      });
    else final.push(each);
  }
  if (final.length === 0) return;
  await desk.deps.stores.deliveries.answerMany(
    final.map(({ record: { touchId, attempt }, answer }) => ({ touchId, attempt, answer })),
  );
  await settle(desk, final, endings);
}

async function settle(desk: Desk, answered: readonly Answered[], endings: Endings): Promise<void> {
  const { touches } = desk.deps.stores;
  const at = nowOf(desk);
  const tasked = answered.flatMap(({ held, record, answer }) =>
    answer.kind === 'tasked' ? [{ held, record, channelRef: answer.channelRef }] : [],
  );
  const sent = answered.flatMap(({ held, record, answer }) =>
    answer.kind === 'sent'
      ? [
          {
            held,
            record,
            channelRef: answer.channelRef,
            deliveredAt: new Date(answer.deliveredAt).toISOString(),
          },
        ]
      : [],
  );
  const refused = answered.flatMap(({ held, answer }) =>
    answer.kind === 'refused' ? [{ held, why: `refused:${answer.reason}` }] : [],
  );
  if (tasked.length > 0) {
    await touches.taskedMany(
      tasked.map(({ record: { contactId, touchId }, channelRef }) => ({
        contactId,
        touchId,
        channelRef,
      })),
    );
    await sideBySide(tasked, AT_ONCE, async ({ held, record, channelRef }) => {
      await follow(desk, held, channelRef, record);
      const deadline = deadlineOfKept(held.kept, held.ask.input);
      endings.set(held.place, { verdict: { verdict: 'tasked', channelRef, deadline } });
    });
  }
  if (sent.length > 0) {
    await touches.settleMany(
      sent.map(({ record: { contactId, touchId }, channelRef, deliveredAt }) => ({
        contactId,
        touchId,
        settled: 'sent',
        channelRef,
        deliveredAt,
        at,
      })),
    );
    for (const { held, channelRef, deliveredAt } of sent)
      endings.set(held.place, { verdict: { verdict: 'sent', channelRef, at: deliveredAt } });
  }
  await closeBarred(desk, answered);
  await release(desk, refused, endings);
}

/** Kept before the slot is freed, so that nobody tries the same number again: the carrier lets no text reach it. */
async function closeBarred(desk: Desk, answered: readonly Answered[]): Promise<void> {
  const barred = answered.flatMap(({ record: { contactId, channel }, answer }) =>
    answer.kind === 'refused' && isBlacklisted(answer.reason)
      ? [{ contactId, channel, reason: answer.reason }]
      : [],
  );
  for (const { contactId, ...block } of barred)
    await desk.deps.stores.contacts.block(contactId, block);
}

async function release(desk: Desk, releases: readonly Release[], endings: Endings): Promise<void> {
  if (releases.length === 0) return;
  const at = nowOf(desk);
  await desk.deps.stores.touches.settleMany(
    releases.map(({ held: { ask, contact }, why }) => ({
      contactId: contact.contactId,
      touchId: ask.input.touchId,
      settled: 'released',
      why,
      at,
    })),
  );
  for (const { held, why } of releases) endings.set(held.place, { verdict: released(why, at) });
}

/** The crash may have come between tasking a touch and having its mass send followed. */
export async function followTasked(desk: Desk, tasked: readonly Held[]): Promise<void> {
  if (tasked.length === 0) return;
  const records = await desk.deps.stores.deliveries.findMany(
    tasked.map(({ kept }) => kept.touchId),
  );
  const known = new Map(records.map((record) => [record.touchId, record]));
  await sideBySide(tasked, AT_ONCE, async (held) => {
    const record = known.get(held.kept.touchId);
    if (record && held.kept.channelRef !== undefined)
      await follow(desk, held, held.kept.channelRef, record);
  });
}

/** A mass send is followed by a flow of its own until staff have acted or its deadline passes; asking twice is harmless. */
async function follow(
  desk: Desk,
  held: Held,
  msgid: string,
  record: DeliveryRecord,
): Promise<void> {
  const { staffId, externalUserId, touchId, contactId, workflowId } = record;
  if (record.channel !== 'wecom' || staffId === undefined || externalUserId === undefined) return;
  await desk.deps.engine.followMassSend({
    version: 1,
    msgid,
    staffId,
    touches: [{ touchId, contactId, externalUserId, workflowId }],
    deadline: deadlineOfKept(held.kept, held.ask.input),
  });
}
