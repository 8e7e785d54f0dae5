// Call-backs of the systems around us: verified, kept, and only then acknowledged. What is not theirs leaves a count and nothing else.

import { z } from 'zod';
import { inboundMalformed, inboundSystem, inboundWecom } from '../../intake/inbound';
import type { CallbackSystem, SystemCallback, WecomCallbackCodec } from '../../ports/callbacks';
import { CodedError, isCodedError } from '../../rules/base/errors';
import type { ApiDeps, CallbackSource } from '../deps';
import { type Endpoint, type Exchange, endpoint } from '../exchange';

/** WeCom takes only this or an empty body for a yes. */
const TAKEN = { type: 'text/plain', body: 'success' } as const;
const LIMIT = 256 * 1024;
/** Judged by the codec: what is missing is turned away and counted like what is wrong. */
const given = z.unknown().optional();
const wecomQuery = z.looseObject({
  msg_signature: given,
  timestamp: given,
  nonce: given,
  echostr: given,
});

export const wecomVerify = endpoint({
  summary: ['企业微信回调地址验证', 'WeCom verifies the address'],
  query: wecomQuery,
  answerType: 'text/plain',
  handle: ({ deps, query }) => ({
    type: 'text/plain',
    body: opened(deps, 'wecom', query.msg_signature, () => codecOf(deps).verifyUrl(query)),
  }),
});

export const wecomEvent = endpoint({
  summary: ['企业微信回调事件', 'An event of WeCom'],
  query: wecomQuery,
  limitBytes: LIMIT,
  answerType: 'text/plain',
  async handle({ deps, query, raw }) {
    const callback = opened(deps, 'wecom', query.msg_signature, () =>
      codecOf(deps).open(query, raw.toString('utf8')),
    );
    await deps.intake.put([inboundWecom(callback, deps.clock.now())]);
    return TAKEN;
  },
});

export const sms = systemCallback('sms', [
  '短信网关回调：回执与上行',
  'Receipts and answers of the SMS gateway',
]);
export const crm = systemCallback('crm', ['CRM 回调：订单结果', 'Order results of the CRM']);
export const iop = systemCallback('iop', ['IOP 回调：外呼结果', 'Call results of the IOP']);

function systemCallback(system: CallbackSystem, summary: Endpoint['summary']): Endpoint {
  return endpoint({
    summary,
    limitBytes: LIMIT,
    answer: z.object({ accepted: z.boolean(), duplicate: z.boolean(), conflict: z.boolean() }),
    async handle(exchange) {
      const { deps } = exchange;
      const callback = await openedOrKept(system, exchange);
      const [outcome] = await deps.intake.put([inboundSystem(callback, deps.clock.now())]);

      // A conflict is kept, too: sending it again would change nothing.
      const [duplicate, conflict] = [outcome === 'duplicate', outcome === 'conflict'];
      return { body: { accepted: !conflict, duplicate, conflict } };
    },
  });
}

/** What a system signed and we cannot take is kept for people before it is refused: nobody would ever see it again. */
async function openedOrKept(
  system: CallbackSystem,
  { deps, headers, raw }: Pick<Exchange, 'deps' | 'headers' | 'raw'>,
): Promise<SystemCallback> {
  const { webhookCodec } = deps;
  if (!webhookCodec.takes(system))
    throw notConfigured(system, `${system.toUpperCase()}_WEBHOOK_SECRET`);

  try {
    return opened(deps, system, headers['x-signature'], () =>
      webhookCodec.open(system, headers, raw),
    );
  } catch (error) {
    // Said of the content, and so after the signature was found good.
    if (isCodedError(error) && error.code === 'INVALID_INPUT')
      await deps.intake.put([inboundMalformed(system, contentOf(raw), deps.clock.now())]);
    throw error;
  }
}

function contentOf(raw: Buffer): Readonly<Record<string, unknown>> {
  const body = raw.toString('utf8');
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  } catch {
    // Kept as the text that it is.
  }
  return { body };
}

/**
 * Counts what is turned away. A signature that does not fit may be a wrong secret of ours, while the sender repeats what he has
 * to say: people are told, until one fits.
 */
function opened<T>(
  { metrics, watch }: Pick<ApiDeps, 'metrics' | 'watch'>,
  source: CallbackSource,
  signature: unknown,
  open: () => T,
): T {
  const system = `${source}-callback` as const;
  try {
    const found = open();
    watch.worked(system);
    return found;
  } catch (error) {
    const code = isCodedError(error) ? error.code : 'INTERNAL';
    metrics.callbackRejected(source, code);
    if (code === 'BAD_SIGNATURE' && signature !== undefined)
      watch.met({ system, code, fault: 'ours', isWide: true });
    throw error;
  }
}

function codecOf({ wecomCodec }: ApiDeps): WecomCallbackCodec {
  if (!wecomCodec)
    throw notConfigured('wecom', 'WECOM_CORP_ID, WECOM_TOKEN and WECOM_ENCODING_AES_KEY');
  return wecomCodec;
}

const notConfigured = (system: string, needed: string): CodedError =>
  new CodedError('NOT_FOUND', `this deployment takes no call-backs of ${system}: set ${needed}`);
