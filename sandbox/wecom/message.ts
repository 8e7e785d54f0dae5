// App messages to staff: the to-do channel.

import type { Deps } from '../deps';
import type { Asked, Endpoint } from './endpoint';
import { WecomError } from './errors';
import { type Body, bytes, isBody, optionalText } from './fields';

const MOST_TEXT_BYTES = 2048;
const MOST_USERS = 1000;
const MOST_REPEAT_S = 14_400;
const TYPES = new Set(['text', 'textcard', 'markdown', 'template_card']);

export const messageEndpoints: readonly Endpoint[] = [
  { method: 'POST', path: 'message/send', answer: sendMessage },
  { method: 'GET', path: 'getcallbackip', answer: () => ({ ip_list: ['127.0.0.1'] }) },
];

function sendMessage(deps: Deps, { body }: Asked): Body {
  checkAgent(deps, body.agentid);
  const msgtype = optionalText(body, 'msgtype') ?? '';
  if (!TYPES.has(msgtype))
    throw new WecomError(
      40058,
      `invalid Request Parameter: msgtype must be one of ${[...TYPES].join(', ')}`,
    );

  const part = body[msgtype];
  if (!isBody(part) || Object.keys(part).length === 0)
    throw new WecomError(40063, `some parameters are empty: ${msgtype}`);

  const named = (optionalText(body, 'touser') ?? '').split('|').filter((userid) => userid !== '');
  if (named.length > MOST_USERS)
    throw new WecomError(40058, `invalid Request Parameter: touser takes at most ${MOST_USERS}`);

  const isActive = (userid: string): boolean => deps.state.staff.get(userid)?.state === 'active';
  const invalid = named.filter((userid) => userid !== '@all' && !isActive(userid));
  const reached = named.filter((userid) => userid === '@all' || isActive(userid));
  if (reached.length === 0) throw new WecomError(81013);

  const msgid = deps.serials.next('notice', 'app');
  const text = truncate(JSON.stringify(part.content ?? part.description ?? part));

  if (!isRepeat(deps, body, reached, text))
    deps.state.notices.set(msgid, { msgid, staffIds: reached, text, at: deps.clock.now() });

  return {
    msgid,
    ...(invalid.length > 0
      ? { invaliduser: invalid.map((userid) => userid.toLowerCase()).join('|') }
      : {}),
  };
}

function checkAgent(deps: Deps, agentid: unknown): void {
  if (typeof agentid !== 'number' || !Number.isInteger(agentid)) throw new WecomError(40056);
  if (agentid !== deps.options.wecom.agentId) throw new WecomError(301002);
}

/** With the duplicate check on, the same message to the same people within the interval is taken and dropped. */
function isRepeat(deps: Deps, body: Body, staffIds: readonly string[], text: string): boolean {
  if (body.enable_duplicate_check !== 1) return false;

  const interval = body.duplicate_check_interval ?? 1800;
  if (typeof interval !== 'number' || interval > MOST_REPEAT_S)
    throw new WecomError(40058, 'invalid Request Parameter: duplicate_check_interval');

  return deps.state.notices
    .all()
    .some(
      (notice) =>
        notice.text === text &&
        notice.at > deps.clock.now() - interval * 1000 &&
        notice.staffIds.join('|') === staffIds.join('|'),
    );
}

/** Longer texts are cut silently, at a whole character. */
function truncate(text: string): string {
  if (bytes(text) <= MOST_TEXT_BYTES) return text;
  return Buffer.from(text, 'utf8')
    .subarray(0, MOST_TEXT_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
