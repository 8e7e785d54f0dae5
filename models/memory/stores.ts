// Every store in memory, with the semantics of those over MongoDB; test/contracts holds both to the same promises.

import type { Stores } from '../../ports/stores';
import type { LedgerKey } from '../../rules/ledger/chain';
import { createMemoryAddresses } from './addresses';
import { createMemoryArchives } from './archives';
import { createMemoryBookReports } from './bookReports';
import { createMemoryCalendarLives } from './calendarLives';
import { createMemoryConditions } from './conditions';
import { createMemoryContactActs } from './contactActs';
import { type ContactRows, createMemoryContacts } from './contacts';
import { createMemoryDeliveries } from './deliveries';
import { createMemoryEvents } from './events';
import { createMemoryFirings } from './firings';
import { createMemoryForgetting } from './forgotten';
import { createMemoryImports } from './imports';
import { createMemoryInbox } from './inbox';
import { createMemoryKeys, createMemoryResponses } from './keys';
import { createMemoryLeads } from './leads';
import { createMemoryLeases } from './leases';
import { createMemoryLedger } from './ledger';
import { createMemoryLibrary } from './library';
import { createMemoryNameClaims } from './nameClaims';
import { createMemoryOpportunities } from './opportunities';
import { createMemoryOrders } from './orders';
import { createMemoryQuotas } from './quotas';
import { createMemoryReplies } from './replies';
import { createMemoryRuns } from './runs';
import { createMemorySeals } from './seals';
import { createMemorySequenceEntries } from './sequenceEntries';
import { createMemorySequenceSteps } from './sequenceSteps';
import { createMemoryStaffTasks } from './staffTasks';
import { createMemoryTouches } from './touches';
import { createMemoryTriggerLives } from './triggerLives';
import { createMemoryWaves } from './waves';
import { createMemoryWelcomeCodes } from './welcomeCodes';

/** `key` signs the ledger; `contacts` are those it begins with, under no other names than their ids. */
export function createMemoryStores(key?: LedgerKey, contacts: ContactRows = new Map()): Stores {
  const addresses = createMemoryAddresses(key?.subjectOf);
  const quotas = createMemoryQuotas();
  const ledger = createMemoryLedger();
  const archives = createMemoryArchives(ledger);

  return {
    contacts: createMemoryContacts(contacts, addresses),
    addresses,
    replies: createMemoryReplies(),
    touches: createMemoryTouches(contacts, quotas, key, ledger),
    seals: createMemorySeals(),
    archives,
    deliveries: createMemoryDeliveries(),
    policies: createMemoryLibrary(),
    templates: createMemoryLibrary(),
    catalogues: createMemoryLibrary(),
    holidays: createMemoryLibrary(),
    blackouts: createMemoryLibrary(),
    calendars: createMemoryLibrary(),
    sequences: createMemoryLibrary(),
    sequenceSteps: createMemorySequenceSteps(),
    calendarLives: createMemoryCalendarLives(),
    sequenceEntries: createMemorySequenceEntries(),
    waves: createMemoryWaves(),
    staffTasks: createMemoryStaffTasks(),
    quotas: createMemoryLibrary(),
    quotaUnits: quotas,
    events: createMemoryEvents(),
    triggers: createMemoryLibrary(),
    eventTypes: createMemoryLibrary(),
    guardrails: createMemoryLibrary(),
    triggerLives: createMemoryTriggerLives(),
    opportunities: createMemoryOpportunities(),
    firings: createMemoryFirings(),
    orders: createMemoryOrders(contacts),
    leads: createMemoryLeads(),
    imports: createMemoryImports(),
    inbox: createMemoryInbox(),
    leases: createMemoryLeases(),
    forgetting: createMemoryForgetting({ contacts, addresses, ledger, archives, key }),
    contactActs: createMemoryContactActs(),
    nameClaims: createMemoryNameClaims(),
    welcomeCodes: createMemoryWelcomeCodes(),
    conditions: createMemoryConditions(),
    runs: createMemoryRuns(),
    bookReports: createMemoryBookReports(),
    keys: createMemoryKeys(),
    responses: createMemoryResponses(),
  };
}
