// Every store, as one bundle for the composition roots and the contract tests.

import type { Catalogue } from '../rules/catalogue';
import type { HolidayTable } from '../rules/holidays';
import type { PolicyDocument } from '../rules/policyDocument.schema';
import type { QuotaLimits } from '../rules/quota';
import type { Template } from '../rules/template';
import type { ContactStore } from './contacts';
import type { DeliveryStore } from './deliveries';
import type { Inbox } from './inbox';
import type { KeyStore, ResponseStore } from './keys';
import type { LeadStore } from './leads';
import type { Library } from './library';
import type { OrderStore } from './orders';
import type { QuotaBook } from './quotas';
import type { RunStore } from './runs';
import type { TouchBook } from './touches';

export interface Stores {
  readonly contacts: ContactStore;
  readonly touches: TouchBook;
  readonly deliveries: DeliveryStore;
  readonly policies: Library<PolicyDocument>;
  readonly templates: Library<Template>;
  readonly catalogues: Library<Catalogue>;
  readonly holidays: Library<HolidayTable>;
  /** Limits that many contacts share; nothing published, nothing limited. */
  readonly quotas: Library<QuotaLimits>;
  readonly quotaBook: QuotaBook;
  readonly orders: OrderStore;
  readonly leads: LeadStore;
  readonly inbox: Inbox;
  readonly runs: RunStore;
  readonly keys: KeyStore;
  readonly responses: ResponseStore;
}
