// A reply answers what the customer did just now. Only our own journeys ask for one, and none goes out without its act.

import { CodedError } from '../../rules/base/errors';
import { hasActed, isAnswerInTime } from '../../rules/contact/answeredAct';
import type { Contact } from '../../rules/contact/contact';
import { formatInstant, instantAt } from '../../rules/time/instant';
import type { TouchRequest } from './asked';

/** @throws CodedError INVALID_INPUT, which no retry heals: there is nothing that this touch could answer */
export function assertAnswers(
  { class: touchClass, answers, touchId }: TouchRequest,
  contact: Contact,
  at: string,
): void {
  if ((touchClass === 'reply') !== (answers !== undefined))
    throw noReply(touchId, 'a reply names the act that it answers, and nothing else does');
  if (answers === undefined) return;

  const actedAt = formatInstant(instantAt(answers.at, 'answers.at'));
  if (!isAnswerInTime(answers, instantAt(at, 'at')))
    throw noReply(touchId, `${actedAt} is not within minutes of ${at}`, answers.at);
  if (!hasActed(contact, answers))
    throw noReply(touchId, `nothing is known of ${answers.act} ${answers.ref} at ${actedAt}`);
}

const noReply = (touchId: string, message: string, value?: string): CodedError =>
  new CodedError('INVALID_INPUT', `touch ${touchId} is no reply: ${message}`, [
    { path: 'answers', message, ...(value !== undefined && { value }) },
  ]);
