// A touch that waits for staff is judged again when something has changed, and taken back when it has become wrong.

import { allTouchesOf, type Contact } from '../../rules/contact/contact';
import { nextQuiet } from '../../rules/gate/nextQuiet';
import { formatInstant, instantAt } from '../../rules/time/instant';
import type { TouchReview } from '../contract';
import type { PolicyInForce } from '../policyInForce';
import type { TouchRequest } from './asked';
import { nowOf, type TouchContext } from './path';
import { askedTouch, judge } from './question';
import { withTextInForce } from './textInForce';
import { withdrawTouch } from './withdraw';

/** Of a touch that nobody waits for any more, nothing is said: its end is on the way. */
export async function reviewTouch(
  context: TouchContext,
  request: TouchRequest,
): Promise<TouchReview> {
  const { deps, published } = context;
  const { contactId, touchId } = request;
  const contact = await deps.stores.contacts.find(contactId);
  const kept = contact && allTouchesOf(contact).find((touch) => touch.touchId === touchId);
  if (!contact || kept?.state !== 'tasked') return { stands: true };

  const asked = await withTextInForce(published, request);
  if (await isInUnknownWords(deps, asked)) {
    await withdrawTouch(deps, {
      contactId,
      touchId,
      why: `template-withdrawn:${request.template}`,
    });
    return { stands: false, verdict: 'deferred', reason: 'template-withdrawn' };
  }

  const at = nowOf(context);
  return reviewTask(context, asked, contact, await published.policyFor(contact.city, at), at);
}

/** Of an open task, with the text that it is made with now, and the contact as it is at `at` (ISO). */
export async function reviewTask(
  context: TouchContext,
  asked: TouchRequest,
  contact: Contact,
  policy: PolicyInForce,
  at: string,
): Promise<TouchReview> {
  const { touchId } = asked;
  const { contactId } = contact;
  const { decision } = await judge(context, asked, asItStood(contact, touchId), policy, at);

  if (decision.verdict === 'pass') {
    const touch = askedTouch(asked, at, contact.city);
    const quiet = nextQuiet(policy.prepared, contact, touch, instantAt(at, 'at'));
    return { stands: true, ...(quiet !== null && { quietFrom: formatInstant(quiet) }) };
  }

  const { verdict, reason = verdict, rule = reason } = decision;
  const why = rule === reason ? reason : `${reason}:${rule}`;
  await withdrawTouch(context.deps, { contactId, touchId, why });

  return { stands: false, verdict, reason };
}

/** Of before the version was kept with the delivery: it cannot be put into other words, only asked for again. */
async function isInUnknownWords(
  { stores }: TouchContext['deps'],
  { touchId, withdrawnText }: TouchRequest,
): Promise<boolean> {
  if (withdrawnText !== 'replaced') return false;
  return (await stores.deliveries.find(touchId))?.template === undefined;
}

/** With the touches that it was decided on: later ones were decided with it among them, and have to give way to it. */
function asItStood(contact: Contact, touchId: string): Contact {
  const { elsewhere: _counted, ...own } = contact;
  const touches = allTouchesOf(contact);
  const place = touches.findIndex((touch) => touch.touchId === touchId);
  return { ...own, touches: touches.slice(0, place) };
}
