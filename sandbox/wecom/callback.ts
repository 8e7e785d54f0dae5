// Callbacks as WeCom posts them: the event's XML, sealed and signed, and the check of the address when it is configured.

import type { WecomIdentity } from '../options';
import { seal, sign } from './crypto';

export interface Stamp {
  readonly timestamp: string;
  readonly nonce: string;
}

/** Numbers go bare, texts as CDATA; absent fields are left out. */
export function eventXml(corpId: string, fields: Readonly<Record<string, unknown>>): string {
  const all = { ToUserName: corpId, FromUserName: 'sys', MsgType: 'event', ...fields };
  const body = Object.entries(all).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [
      typeof value === 'number'
        ? `<${name}>${value}</${name}>`
        : `<${name}>${cdata(String(value))}</${name}>`,
    ];
  });

  return `<xml>${body.join('')}</xml>`;
}

/** Query and body of one POST. */
export function envelope(
  wecom: WecomIdentity,
  xml: string,
  stamp: Stamp,
): { query: string; body: string } {
  const sealed = seal(wecom.encodingAesKey, xml, wecom.corpId);
  const body = `<xml><ToUserName>${cdata(wecom.corpId)}</ToUserName><AgentID>${cdata(String(wecom.agentId))}</AgentID><Encrypt>${cdata(sealed)}</Encrypt></xml>`;
  return { query: query(wecom, sealed, stamp).toString(), body };
}

/** Query of the GET that a console sends before it accepts an address; the answer must be `echo`, bare, within a second. */
export function verification(wecom: WecomIdentity, echo: string, stamp: Stamp): string {
  const sealed = seal(wecom.encodingAesKey, echo, wecom.corpId);
  const all = query(wecom, sealed, stamp);
  all.set('echostr', sealed);
  return all.toString();
}

const query = (wecom: WecomIdentity, sealed: string, stamp: Stamp): URLSearchParams =>
  new URLSearchParams({
    msg_signature: sign(wecom.token, stamp.timestamp, stamp.nonce, sealed),
    ...stamp,
  });

const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
