// What a sandbox is made with.

import type { Clock } from './clock';

export interface WecomIdentity {
  readonly corpId: string;
  readonly corpSecret: string;
  readonly agentId: number;
  /** Of the callback, as set in the WeCom console. */
  readonly token: string;
  readonly encodingAesKey: string;
}

export interface Sopflow {
  readonly url: string;
  /** Bearer key for `/api/v1`. */
  readonly key: string;
}

export interface SandboxOptions {
  readonly seed: number;
  readonly wecom: WecomIdentity;
  readonly keys: {
    readonly sms: string;
    readonly crm: string;
    readonly iop: string;
  };
  /** Each system signs its call-backs with its own. */
  readonly webhookSecrets: { readonly sms: string; readonly crm: string; readonly iop: string };
  /** Where call-backs and events go; may be told later with `connect`. Until then they wait. */
  readonly sopflow?: Sopflow;
  /** Journal file; absent: nothing survives the process. */
  readonly statePath?: string;
  /** A clock that a test moves by hand; then `tick()` does what time would do. */
  readonly clock?: Clock;
  /** Bad secrets from one address within an hour before it is shut out for an hour. */
  readonly badSecretLimit?: number;
  /** Calls per minute and WeCom endpoint before 45009. */
  readonly callsPerMinute?: number;
}
