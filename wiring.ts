// What the roots are built from: clients of the outside systems and of Temporal, and the codecs of call-backs, by the configuration.

import { Client, Connection } from '@temporalio/client';
import type { Config } from './config';
import { createSealFile } from './integrations/archive/sealFile';
import { createCallbackBook } from './integrations/callbackBook';
import { parseCrmCallback } from './integrations/crm/callback';
import { createOrderDesk } from './integrations/crm/orders';
import { parseIopCallback } from './integrations/iop/callback';
import { createCallChannel } from './integrations/iop/channel';
import { createLeadPool } from './integrations/iop/leads';
import { parseSmsCallback } from './integrations/sms/callback';
import { createSmsChannel } from './integrations/sms/channel';
import { createEngine } from './integrations/temporal/engine';
import { createWebhookCodec } from './integrations/webhook';
import { createWecomCodec } from './integrations/wecom/callback';
import { createWecomChannel } from './integrations/wecom/channel';
import { createWecomClient } from './integrations/wecom/client';
import { createWecomDesk } from './integrations/wecom/desk';
import type {
  CallbackBook,
  CallbackSystem,
  WebhookCodec,
  WecomCallbackCodec,
} from './ports/callbacks';
import type { Channel } from './ports/channel';
import type { Clock } from './ports/clock';
import type { SystemWatch } from './ports/conditions';
import type { Engine } from './ports/engine';
import type { LeadPool } from './ports/leads';
import type { Log } from './ports/log';
import type { OrderDesk } from './ports/orders';
import type { SealArchive } from './ports/seals';
import type { WecomDesk } from './ports/wecom';
import { CodedError } from './rules/base/errors';
import { type ChannelPace, channelPace } from './rules/calendar/channelPace';
import { signatureOf } from './rules/catalogue/signature';
import type { KeyRing } from './rules/ledger/keyRing';

/** A cluster that comes back is found within this time, not after gRPC's two minutes. */
const RECONNECT_MS = 3000;

interface Systems {
  /** The channels that are configured; a touch on another one is refused by name. */
  readonly channels: ReadonlyMap<string, Channel>;
  readonly wecom: WecomDesk;
  readonly orderDesk: OrderDesk;
  readonly leadPool: LeadPool;
  /** What each configured system has told by call-back. */
  readonly callbackBooks: ReadonlyMap<CallbackSystem, CallbackBook>;
  /** False: there is no pool to fetch leads from. */
  readonly hasLeadPool: boolean;
}

/** By channel: those that are limited. */
export function channelPaces(config: Config): ReadonlyMap<string, ChannelPace> {
  const rates = {
    ...{ sms: config.SMS_PER_SECOND, wecom: config.WECOM_PER_SECOND, call: config.IOP_PER_SECOND },
  };
  return new Map(
    Object.entries(rates).flatMap(([channel, rate]) =>
      rate === undefined ? [] : [[channel, channelPace(config.TASK_QUEUE, channel, rate)] as const],
    ),
  );
}

export function connectSystems(config: Config, clock: Clock, watch: SystemWatch): Systems {
  const { WECOM_CORP_ID: corpId, WECOM_CORP_SECRET: corpSecret } = config;
  const wecom =
    corpId !== undefined && corpSecret !== undefined
      ? createWecomClient({ baseUrl: config.WECOM_BASE_URL, corpId, corpSecret, clock, watch })
      : null;
  const access = (baseUrl: string | undefined, key: string | undefined) =>
    baseUrl !== undefined && key !== undefined ? { baseUrl, key, clock, watch } : null;
  const sms = access(config.SMS_BASE_URL, config.SMS_KEY);
  const crm = access(config.CRM_BASE_URL, config.CRM_KEY);
  const iop = access(config.IOP_BASE_URL, config.IOP_KEY);
  const channels = [
    ...(wecom ? [createWecomChannel(wecom, clock)] : []),
    ...(sms ? [createSmsChannel({ ...sms, ...smsFrameOf(config) })] : []),
    ...(iop ? [createCallChannel(iop)] : []),
  ];

  return {
    channels: new Map(channels.map((channel) => [channel.name, channel])),
    wecom: wecom
      ? createWecomDesk(wecom)
      : absent<WecomDesk>('WECOM_CORP_ID and WECOM_CORP_SECRET'),
    orderDesk: crm ? createOrderDesk(crm) : absent<OrderDesk>('CRM_BASE_URL and CRM_KEY'),
    leadPool: iop ? createLeadPool(iop) : absent<LeadPool>('IOP_BASE_URL and IOP_KEY'),
    callbackBooks: new Map<CallbackSystem, CallbackBook>([
      ...(sms ? [['sms', createCallbackBook('sms', sms, parseSmsCallback)] as const] : []),
      ...(crm ? [['crm', createCallbackBook('crm', crm, parseCrmCallback)] as const] : []),
      ...(iop ? [['iop', createCallbackBook('iop', iop, parseIopCallback)] as const] : []),
    ]),
    hasLeadPool: iop !== null,
  };
}

/** What stands before and behind every short message. */
export const smsFrameOf = (config: Config) => ({
  signature: signatureOf(config.SMS_SIGNATURE ?? '') ?? '',
  refusalNote: config.SMS_REFUSAL_NOTE,
});

/** A system nobody configured: asked, it names the variables to set, and the journey that asked waits. */
function absent<T extends object>(variables: string): T {
  const refuse = () =>
    Promise.reject(new CodedError('UNAVAILABLE', `this needs ${variables} to be set`));
  return new Proxy({} as T, { get: () => refuse });
}

/** Where seals go; undefined: nobody configured a file. */
export function sealArchiveOf({ SOPFLOW_SEALS_FILE: file }: Config): SealArchive | undefined {
  return file === undefined ? undefined : createSealFile(file);
}

/** Said at every start: a ledger that nobody signs proves little. */
export function warnUnsigned(log: Log, { current }: KeyRing): void {
  if (current) return;
  log.warn(
    {},
    'SOPFLOW_LEDGER_KEYS is not set: who can write to the database can rewrite the ledger unnoticed',
  );
}

interface CallbackCodecs {
  readonly wecomCodec?: WecomCallbackCodec;
  readonly webhookCodec: WebhookCodec;
}

/** Without its secrets a system cannot call back. */
export function callbackCodecs(config: Config, clock: Clock): CallbackCodecs {
  const {
    WECOM_CORP_ID: corpId,
    WECOM_TOKEN: token,
    WECOM_ENCODING_AES_KEY: encodingAesKey,
  } = config;
  const { SMS_WEBHOOK_SECRET, CRM_WEBHOOK_SECRET, IOP_WEBHOOK_SECRET } = config;
  const secrets = {
    ...(SMS_WEBHOOK_SECRET !== undefined && { sms: SMS_WEBHOOK_SECRET }),
    ...(CRM_WEBHOOK_SECRET !== undefined && { crm: CRM_WEBHOOK_SECRET }),
    ...(IOP_WEBHOOK_SECRET !== undefined && { iop: IOP_WEBHOOK_SECRET }),
  };

  return {
    ...(corpId !== undefined &&
      token !== undefined &&
      encodingAesKey !== undefined && {
        wecomCodec: createWecomCodec({ corpId, token, encodingAesKey, clock }),
      }),
    webhookCodec: createWebhookCodec({ secrets, clock }),
  };
}

/** Connects when first needed, so that a root starts while Temporal is away. */
export function connectTemporal(config: Config): Client {
  const connection = Connection.lazy({
    ...temporalAddress(config),
    channelArgs: {
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS,
      'grpc.initial_reconnect_backoff_ms': 500,
    },
  });
  return new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
}

export function temporalAddress(config: Config) {
  return {
    address: config.TEMPORAL_ADDRESS,
    ...(config.TEMPORAL_API_KEY !== undefined && { apiKey: config.TEMPORAL_API_KEY }),
    ...(config.TEMPORAL_TLS && { tls: true }),
  };
}

/** @param link page of a run in the Temporal UI */
export function engineOf(
  config: Config,
  client: Client,
  link: (workflowId: string) => string | undefined,
): Engine {
  return createEngine(client, {
    taskQueue: config.TASK_QUEUE,
    namespace: config.TEMPORAL_NAMESPACE,
    link,
  });
}
