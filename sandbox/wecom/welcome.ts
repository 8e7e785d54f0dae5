// The welcome message: valid 20 seconds from the event, and once.

import { welcomeRef } from '../../rules/contact/welcomeRef';
import type { Deps } from '../deps';
import { tieId } from '../state';
import { readContent } from './content';
import type { Asked, Endpoint } from './endpoint';
import { WecomError } from './errors';
import { type Body, textOf } from './fields';

const VALID_MS = 20_000;

export const welcomeEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: 'externalcontact/send_welcome_msg', answer: sendWelcome },
];

function sendWelcome(deps: Deps, { body }: Asked): Body {
  const code = textOf(body, 'welcome_code', 41049);
  const content = readContent(body);
  const welcome = deps.state.welcomes.get(code);
  if (!welcome) throw new WecomError(41050);

  const tie = deps.state.ties.get(tieId(welcome.staffId, welcome.externalUserId));
  // Delivered or already chatting is final and is said even when the code has also run out.
  if (welcome.used || tie?.welcomed || tie?.lastChatAt !== undefined) throw new WecomError(41051);
  if (deps.clock.now() - welcome.issuedAt > VALID_MS) throw new WecomError(41050);
  if (!tie || (tie.state !== 'friend' && tie.state !== 'half')) throw new WecomError(41050);

  deps.state.welcomes.set(code, { ...welcome, used: true });
  deps.state.ties.set(tieId(tie.staffId, tie.externalUserId), { ...tie, welcomed: true });

  deps.book.receive({
    contactId: tie.contactId,
    externalUserId: tie.externalUserId,
    channel: 'wecom',
    ref: welcomeRef(code),
    staffId: tie.staffId,
    text: content.text,
  });

  return {};
}
