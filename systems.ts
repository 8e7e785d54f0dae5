// Builds the clients of the outside systems from the configuration, for both roots.

import type { Config } from './config';
import { createOrderDesk } from './integrations/crm/orders';
import { createCallChannel } from './integrations/iop/channel';
import { createLeadPool } from './integrations/iop/leads';
import { createSmsChannel } from './integrations/sms/channel';
import { createWecomChannel } from './integrations/wecom/channel';
import { createWecomClient } from './integrations/wecom/client';
import { createWecomDesk } from './integrations/wecom/desk';
import type { Channel } from './ports/channel';
import type { Clock } from './ports/clock';
import type { LeadPool } from './ports/leads';
import type { OrderDesk } from './ports/orders';
import type { WecomDesk } from './ports/wecom';
import { CodedError } from './rules/base/errors';

export interface Systems {
  /** The channels that are configured; a touch on another one is refused by name. */
  readonly channels: ReadonlyMap<string, Channel>;
  readonly wecom: WecomDesk;
  readonly orderDesk: OrderDesk;
  readonly leadPool: LeadPool;
  /** False: there is no pool to fetch leads from. */
  readonly hasLeadPool: boolean;
}

export function connectSystems(config: Config, clock: Clock): Systems {
  const { WECOM_CORP_ID: corpId, WECOM_CORP_SECRET: corpSecret } = config;
  const wecom =
    corpId !== undefined && corpSecret !== undefined
      ? createWecomClient({ baseUrl: config.WECOM_BASE_URL, corpId, corpSecret, clock })
      : null;
  const sms = access(config.SMS_BASE_URL, config.SMS_KEY, clock);
  const crm = access(config.CRM_BASE_URL, config.CRM_KEY, clock);
  const iop = access(config.IOP_BASE_URL, config.IOP_KEY, clock);
  const channels = [
    ...(wecom ? [createWecomChannel(wecom, clock)] : []),
    ...(sms ? [createSmsChannel({ ...sms, refusalNote: config.SMS_REFUSAL_NOTE })] : []),
    ...(iop ? [createCallChannel(iop)] : []),
  ];
  return {
    channels: new Map(channels.map((channel) => [channel.name, channel])),
    wecom: wecom
      ? createWecomDesk(wecom)
      : absent<WecomDesk>('WECOM_CORP_ID and WECOM_CORP_SECRET'),
    orderDesk: crm ? createOrderDesk(crm) : absent<OrderDesk>('CRM_BASE_URL and CRM_KEY'),
    leadPool: iop ? createLeadPool(iop) : absent<LeadPool>('IOP_BASE_URL and IOP_KEY'),
    hasLeadPool: iop !== null,
  };
}

function access(baseUrl: string | undefined, key: string | undefined, clock: Clock) {
  return baseUrl !== undefined && key !== undefined ? { baseUrl, key, clock } : null;
}

/** A system nobody configured: asked, it names the variables to set, and the journey that asked waits. */
function absent<T extends object>(variables: string): T {
  const refuse = () =>
    Promise.reject(new CodedError('UNAVAILABLE', `this needs ${variables} to be set`));
  return new Proxy({} as T, { get: () => refuse });
}
