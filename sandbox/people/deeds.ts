// What customers do besides adding members: they use data, get bills, speak, accept, refuse and answer texts.

import { CodedError } from '../../rules/base/errors';
import type { Deps } from '../deps';
import { tieId } from '../state';
import { friendsOf } from './friendship';
import { changeCustomer, customerOf } from './registry';

/** Replies by which a customer refuses further texts. */
const REFUSALS = new Set(['R', 'T', 'TD', 'N', '0000', '退订', '拒收']);

export function useData(deps: Deps, contactId: string, percent: number): void {
  changeCustomer(deps, contactId, { dataUsedPct: percent });
  happen(deps, 'usage', contactId, { dataUsedPct: percent });
}

/** The month's bill comes out. */
export function bill(deps: Deps, contactId: string, dueFen: number): void {
  const { balanceFen } = changeCustomer(deps, contactId, { billDueFen: dueFen });
  happen(deps, 'bill', contactId, { billDueFen: dueFen, balanceFen });
}

export function pay(deps: Deps, contactId: string): void {
  changeCustomer(deps, contactId, { billDueFen: 0 });
  happen(deps, 'bill-paid', contactId, {});
}

/** The customer speaks to a member: to the one named, or to the one added last. */
export function chat(
  deps: Deps,
  contactId: string,
  {
    staffId,
    text,
  }: { readonly staffId?: string | undefined; readonly text?: string | undefined } = {},
): string {
  const friends = friendsOf(deps, contactId);
  const tie =
    staffId === undefined ? friends[0] : friends.find((friend) => friend.staffId === staffId);
  if (!tie)
    throw new CodedError(
      'NOT_FOUND',
      `customer ${contactId} is no friend of ${staffId ?? 'any staff'}`,
    );

  deps.state.ties.set(tieId(tie.staffId, tie.externalUserId), {
    ...tie,
    lastChatAt: deps.clock.now(),
  });
  happen(deps, 'customer-message', contactId, {
    staffId: tie.staffId,
    ...(text !== undefined && { text }),
  });

  return tie.staffId;
}

/** Takes an offer: the product named, or the one that the last thing received speaks of. */
export function accept(
  deps: Deps,
  contactId: string,
  given: { readonly product?: string | undefined; readonly touchId?: string | undefined },
): string {
  const product = given.product ?? offeredProduct(deps, contactId);
  if (product === undefined)
    throw new CodedError(
      'INVALID_INPUT',
      `customer ${contactId} was offered nothing that could be told from the book`,
      [{ path: 'product', message: 'needed', allowed: 'the id of a product' }],
    );

  happen(deps, 'offer-accepted', contactId, {
    product,
    ...(given.touchId === undefined ? {} : { touchId: given.touchId }),
  });

  return product;
}

export function refuse(
  deps: Deps,
  contactId: string,
  given: { readonly product?: string | undefined },
): void {
  const product = given.product ?? offeredProduct(deps, contactId);
  happen(deps, 'offer-refused', contactId, product === undefined ? {} : { product });
}

/** Opens a link: of the campaign or touch that is named, or that in the last thing received. Our pages report it as they are loaded. */
export function open(
  deps: Deps,
  contactId: string,
  given: { readonly campaign?: string | undefined; readonly touchId?: string | undefined },
): Readonly<Record<string, string>> {
  const { touchId } = given;
  if (touchId !== undefined) return reported(deps, contactId, { touchId });

  const campaign = given.campaign ?? linkedCampaign(deps, contactId);
  if (campaign !== undefined) return reported(deps, contactId, { campaign });

  throw new CodedError('INVALID_INPUT', `customer ${contactId} received no link to open`, [
    { path: 'campaign', message: 'needed', allowed: 'a campaign, or the id of a touch' },
  ]);
}

function reported(
  deps: Deps,
  contactId: string,
  what: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  happen(deps, 'opened', contactId, what);
  return what;
}

/** Answers a text. A refusal also puts the number on the gateway's black list, as gateways do. */
export function replySms(deps: Deps, contactId: string, text: string): void {
  const { phone } = customerOf(deps, contactId);
  if (phone === undefined)
    throw new CodedError(
      'CONFLICT',
      `no phone of customer ${contactId} is known: load it with PUT /sandbox/customers:batch`,
    );

  if (REFUSALS.has(text.normalize('NFKC').trim().toUpperCase()))
    changeCustomer(deps, contactId, { smsRefused: true });

  deps.outbox.add({
    to: 'sms',
    topic: 'upstream',
    lane: `sms/${phone}`,
    body: {
      id: deps.serials.next('upstream', 'up-'),
      type: 'upstream',
      phone,
      text,
      at: new Date(deps.clock.now()).toISOString(),
    },
  });
}

/** Tells sopflow an event of a customer. */
export function happen(
  deps: Deps,
  type: string,
  contactId: string,
  data: Readonly<Record<string, unknown>>,
): void {
  customerOf(deps, contactId);
  const eventId = deps.serials.next('event', 'ev-');
  const occurredAt = new Date(deps.clock.now()).toISOString();

  deps.outbox.add({
    to: 'event',
    topic: type,
    lane: 'event',
    body: { eventId, type, contactId, occurredAt, data },
  });
}

/** The product whose name stands in the last thing the customer received; the longest such name. */
export function offeredProduct(deps: Deps, contactId: string): string | undefined {
  const text = deps.book.latestOf(contactId)?.text ?? '';
  const named = deps.state.products.all().filter((product) => text.includes(product.name));
  return named.sort((a, b) => b.name.length - a.name.length)[0]?.id;
}

const CAMPAIGN_OF_LINK = /https?:\/\/\S+[?&]c=([\w-]+)/;

/** The campaign that the link in the last thing received carries, as our pages read it: `?c=<campaign>`. */
export const linkedCampaign = (deps: Deps, contactId: string): string | undefined =>
  CAMPAIGN_OF_LINK.exec(deps.book.latestOf(contactId)?.text ?? '')?.[1];
