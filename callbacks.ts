// Builds the codecs of call-backs from the configuration. Without its secrets a system cannot call back.

import type { Config } from './config';
import { createWebhookCodec } from './integrations/webhook';
import { createWecomCodec } from './integrations/wecom/callback';
import type { WebhookCodec, WecomCallbackCodec } from './ports/callbacks';
import type { Clock } from './ports/clock';

interface CallbackCodecs {
  readonly wecomCodec?: WecomCallbackCodec;
  readonly webhookCodec?: WebhookCodec;
}

export function callbackCodecs(config: Config, clock: Clock): CallbackCodecs {
  const {
    WECOM_CORP_ID: corpId,
    WECOM_TOKEN: token,
    WECOM_ENCODING_AES_KEY: encodingAesKey,
  } = config;
  const { WEBHOOK_SECRET: secret } = config;
  return {
    ...(corpId !== undefined &&
      token !== undefined &&
      encodingAesKey !== undefined && {
        wecomCodec: createWecomCodec({ corpId, token, encodingAesKey, clock }),
      }),
    ...(secret !== undefined && { webhookCodec: createWebhookCodec({ secret, clock }) }),
  };
}
