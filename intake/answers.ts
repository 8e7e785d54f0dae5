// What customers answer: read for words of refusal, kept by the address it came from, and told to everybody who has that.

import type { Address } from '../ports/addresses';
import type { UnclearReply } from '../ports/replies';
import type { ConsentStatement } from '../rules/contact/consentLog';
import type { ChannelName } from '../rules/contact/contact';
import type { ReplyMeaning } from '../rules/contact/refusal';
import type { IntakeDeps } from './deps';
import { wakeRuns } from './launch';
import { tellRefusals } from './withdrawal';

export interface CustomerAnswer {
  /** Key of the inbox item that brought it. */
  readonly item: string;
  readonly channel: ChannelName;
  readonly source: UnclearReply['source'];
  readonly address: Address;
  /** Personal: it is read and goes nowhere from here. */
  readonly text: string;
  /** ISO. */
  readonly at: string;
  readonly receivedAt: string;
}

type AnswerDeps = Pick<IntakeDeps, 'stores' | 'engine' | 'readAnswer'>;
type ResolveDeps = Pick<AnswerDeps, 'stores' | 'engine'>;

/** Takes what an answer refuses or may refuse, also when nobody has its address yet, and says how it was read. */
export async function takeAnswer(deps: AnswerDeps, answer: CustomerAnswer): Promise<ReplyMeaning> {
  const refusal = deps.readAnswer(answer.text);
  if (refusal === 'yes') await takeRefusal(deps, answer);
  if (refusal === 'unclear') await holdForMember(deps, answer);

  return refusal;
}

/** Takes what a member has read out of an unclear answer. Repeats are harmless. */
export async function takeResolution(
  deps: ResolveDeps,
  reply: UnclearReply,
  isRefusal: boolean,
): Promise<void> {
  // First the refusal: in between the channel must not stand open.
  if (isRefusal) await takeRefusal(deps, reply);
  await deps.stores.addresses.release(reply.address, reply.replyId);
  await takeOverAt(deps, reply.address);
}

/** First to the address, then to those who have it: whoever gets it in between reads it there. */
async function takeRefusal(
  deps: ResolveDeps,
  { address, channel, source, at, receivedAt }: Omit<CustomerAnswer, 'text' | 'item'>,
): Promise<void> {
  const said: ConsentStatement = {
    ...{ channel, class: 'marketing', state: 'refused', source },
    ...{ at, receivedAt, own: true },
  };
  await deps.stores.addresses.tell(address, said);

  for (const contactId of await holdersOf(deps, address)) {
    await deps.stores.contacts.takeOver(contactId);
    await tellRefusals(deps, contactId, [said]);
  }
}

/** No offer goes out before a member has read it; what a member has said of it already stands. */
async function holdForMember(deps: ResolveDeps, answer: CustomerAnswer): Promise<void> {
  const { stores } = deps;
  const { text: _text, ...reply } = answer;
  const { address, channel, item } = reply;
  const holders = await stores.contacts.findMany(await holdersOf(deps, address));

  const kept = await stores.replies.open({
    ...reply,
    replyId: item.replaceAll('/', ':'),
    contactIds: holders.map(({ contactId }) => contactId).sort(),
    cities: [...new Set(holders.map(({ city }) => city))].sort(),
    state: 'open',
  });
  if (kept.state !== 'open') return;

  await stores.addresses.hold(address, { channel, reply: kept.replyId });
  await takeOverAt(deps, address);
}

/** Everybody who has the address takes over what is known from it; their open tasks are judged again. */
async function takeOverAt(deps: ResolveDeps, address: Address): Promise<void> {
  for (const contactId of await holdersOf(deps, address)) {
    await deps.stores.contacts.takeOver(contactId);
    await wakeRuns(deps, contactId, 'profile');
  }
}

async function holdersOf({ stores }: ResolveDeps, address: Address): Promise<readonly string[]> {
  return address.kind === 'contactId' ? [address.value] : await stores.contacts.idsByAlias(address);
}
