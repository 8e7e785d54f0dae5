// What the API is built from: stores and engine as ports, and the few settings it answers with.

import type { CallbackSystem, WebhookCodec, WecomCallbackCodec } from '../ports/callbacks';
import type { Clock } from '../ports/clock';
import type { SystemWatch } from '../ports/conditions';
import type { Engine } from '../ports/engine';
import type { Intake } from '../ports/intake';
import type { Log } from '../ports/log';
import type { CalendarPreviews } from '../ports/previews';
import type { Stores } from '../ports/stores';
import type { CalendarCounts } from '../reports/calendar/jobs';
import type { PolicyReplays } from '../reports/policyReplay/jobs';
import type { TriggerReplays } from '../reports/triggerReplay/jobs';
import type { TextFrame } from '../rules/catalogue/message';
import type { RefusalReader } from '../rules/contact/refusal';
import type { KeyRing } from '../rules/ledger/keyRing';
import type { Metrics } from './metrics';

export interface ApiDeps {
  readonly stores: Stores;
  readonly engine: Engine;
  readonly intake: Intake;
  readonly policyReplays: PolicyReplays;
  readonly previews: CalendarPreviews;
  readonly calendarCounts: CalendarCounts;
  readonly triggerReplays: TriggerReplays;
  /** Verify the ledger. */
  readonly ledgerKeys: KeyRing;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Told of call-backs that are not signed as they should be. */
  readonly watch: SystemWatch;
  /** Absent: this deployment takes no call-backs of WeCom. */
  readonly wecomCodec?: WecomCallbackCodec;
  readonly webhookCodec: WebhookCodec;
  /** Bearer key of `/metrics`; absent: the figures are open to whoever reaches the port. */
  readonly metricsKey?: string;
  /** IANA zone of a contact that names none. */
  readonly timezone: string;
  /** What stands before and behind every short message; absent: this deployment sends none. */
  readonly smsFrame?: Pick<TextFrame, 'signature' | 'refusalNote'>;
  /** Reads the answers of customers for refusals. */
  readonly readAnswer: RefusalReader;
  /** Page of a run in the Temporal UI. */
  readonly runLink: (workflowId: string) => string | undefined;
  /** By dependency; each throws while it is away. */
  readonly probes: Readonly<Record<string, () => Promise<void>>>;
}

export type CallbackSource = CallbackSystem | 'wecom';
