// Every store, as one bundle for the composition roots and the contract tests.

import type { BlackoutTable } from '../rules/calendar/blackout';
import type { CalendarPlan } from '../rules/calendar/plan';
import type { Catalogue } from '../rules/catalogue/catalogue';
import type { Template } from '../rules/catalogue/texts';
import type { OwnEventType } from '../rules/event/eventType.schema';
import type { QuotaLimits } from '../rules/gate/quota';
import type { PolicyDocument } from '../rules/policy/document.schema';
import type { Sequence } from '../rules/sequence/sequence';
import type { HolidayTable } from '../rules/time/holidays';
import type { Guardrails } from '../rules/trigger/guardrails';
import type { TriggerBody } from '../rules/trigger/trigger.schema';
import type { AddressStore } from './addresses';
import type { ArchiveStore } from './archives';
import type { KeyStore } from './auth';
import type { BookReportStore } from './bookReports';
import type { CalendarLifeStore } from './calendars';
import type { ConditionStore } from './conditions';
import type { ContactActStore } from './contactActs';
import type { ContactStore } from './contacts';
import type { DeliveryStore } from './deliveries';
import type { EventStore } from './events';
import type { FiringStore } from './firings';
import type { ForgettingStore } from './forgetting';
import type { ImportStore } from './imports';
import type { Inbox } from './inbox';
import type { LeadStore } from './leads';
import type { LeaseStore } from './leases';
import type { Library } from './library';
import type { NameClaimStore } from './nameClaims';
import type { OpportunityStore } from './opportunities';
import type { OrderStore } from './orders';
import type { QuotaStore } from './quotas';
import type { ReplyStore } from './replies';
import type { ResponseStore } from './responses';
import type { RunStore } from './runs';
import type { SealStore } from './seals';
import type { SequenceEntryStore } from './sequenceEntries';
import type { SequenceStepStore } from './sequenceSteps';
import type { StaffTaskStore } from './staffTasks';
import type { TouchStore } from './touches';
import type { TriggerLifeStore } from './triggers';
import type { WaveStore } from './waves';
import type { WelcomeCodeStore } from './welcomeCodes';

export interface Stores {
  readonly contacts: ContactStore;
  readonly addresses: AddressStore;
  /** Answers that a member has to read. */
  readonly replies: ReplyStore;
  readonly touches: TouchStore;
  readonly seals: SealStore;
  /** What was taken out of the ledger into files. */
  readonly archives: ArchiveStore;
  readonly deliveries: DeliveryStore;
  readonly policies: Library<PolicyDocument>;
  readonly templates: Library<Template>;
  readonly catalogues: Library<Catalogue>;
  readonly holidays: Library<HolidayTable>;
  /** Dates on which cities start no marketing; the one with id `default` counts. */
  readonly blackouts: Library<BlackoutTable>;
  readonly calendars: Library<CalendarPlan>;
  readonly sequences: Library<Sequence>;
  readonly sequenceSteps: SequenceStepStore;
  readonly sequenceEntries: SequenceEntryStore;
  readonly calendarLives: CalendarLifeStore;
  readonly waves: WaveStore;
  readonly staffTasks: StaffTaskStore;
  /** Limits that many contacts share; nothing published, nothing limited. */
  readonly quotas: Library<QuotaLimits>;
  readonly quotaUnits: QuotaStore;
  /** What happened to customers, for some weeks. */
  readonly events: EventStore;
  readonly triggers: Library<TriggerBody>;
  /** Types of event that admins registered, by name. */
  readonly eventTypes: Library<OwnEventType>;
  /** What the province allows of triggers; the one with id `default` counts. */
  readonly guardrails: Library<Guardrails>;
  readonly triggerLives: TriggerLifeStore;
  /** What became of triggers for events. */
  readonly opportunities: OpportunityStore;
  /** When triggers fired for whom. */
  readonly firings: FiringStore;
  readonly orders: OrderStore;
  readonly leads: LeadStore;
  readonly imports: ImportStore;
  readonly inbox: Inbox;
  readonly leases: LeaseStore;
  readonly forgetting: ForgettingStore;
  readonly contactActs: ContactActStore;
  readonly nameClaims: NameClaimStore;
  readonly welcomeCodes: WelcomeCodeStore;
  /** What keeps outside systems from working for us. */
  readonly conditions: ConditionStore;
  readonly runs: RunStore;
  readonly bookReports: BookReportStore;
  readonly keys: KeyStore;
  readonly responses: ResponseStore;
}
