// Every store over one MongoDB connection.

import type { Connection } from 'mongoose';
import type { Stores } from '../../ports/stores';
import type { LedgerKey } from '../../rules/ledger/chain';
import { addressModel, createAddressStore } from './addresses';
import { aliasModel } from './aliases';
import { archiveModels, createArchiveStore } from './archives';
import { bookReportModel, createBookReportStore } from './bookReports';
import { calendarLifeModel, createCalendarLifeStore } from './calendarLives';
import { createConditionStore } from './conditions';
import { contactActModel, createContactActStore } from './contactActs';
import { contactModel } from './contactDocument';
import { createContactStore } from './contacts';
import { createDeliveryStore, deliveryModel } from './deliveries';
import { createEventStore, eventModel } from './events';
import { guarded } from './failures';
import { createFiringStore, firingModel } from './firings';
import { createForgettingStore, tombstoneModel } from './forgotten';
import { createImportStore, importModels } from './importJobs';
import { createInbox } from './inbox';
import { inboxModels } from './inboxDocument';
import { upgradeInbox } from './inboxUpgrade';
import { createKeyStore, createResponseStore, keyModel, responseModel } from './keys';
import { createLeadStore, leadModels } from './leads';
import { createLeaseStore, leasesModel } from './leases';
import { ledgerModel } from './ledger';
import { createLibrary } from './library';
import { LIBRARIES, libraryModels } from './libraryDocuments';
import { createNameClaimStore, nameClaimModel } from './nameClaims';
import { createOpportunityStore, opportunityModel } from './opportunities';
import { createOrderStore, orderModel } from './orders';
import { upgradePhones } from './phoneUpgrade';
import { quotaModels } from './quotaDocuments';
import { createQuotaStore } from './quotas';
import { createReplyStore, replyModel } from './replies';
import { createRunStore, runModels } from './runs';
import { createSealStore, sealModels } from './seals';
import { createSequenceEntryStore, sequenceEntryModel } from './sequenceEntries';
import { createSequenceStepStore, sequenceStepModel } from './sequenceSteps';
import { createStaffTaskStore, staffTaskModel } from './staffTasks';
import { createTouchStore } from './touches';
import { createTriggerLifeStore, triggerBacktestModel, triggerLifeModel } from './triggerLives';
import { waveContactModel } from './waveContacts';
import { createWaveStore, waveModel } from './waves';
import { createWelcomeCodeStore, welcomeCodeModel } from './welcomeCodes';

/** The stores of a connection. Nothing is asked of the server yet. `key` signs the ledger. */
export function createStores(connection: Connection, key?: LedgerKey): Stores {
  const quotas = createQuotaStore(connection);
  return {
    contacts: createContactStore(connection, key?.subjectOf),
    addresses: createAddressStore(connection),
    replies: createReplyStore(connection),
    touches: createTouchStore(connection, quotas, key),
    seals: createSealStore(connection),
    archives: createArchiveStore(connection),
    deliveries: createDeliveryStore(connection),
    policies: createLibrary(connection, 'policies'),
    templates: createLibrary(connection, 'templates'),
    catalogues: createLibrary(connection, 'catalogues'),
    holidays: createLibrary(connection, 'holidays'),
    blackouts: createLibrary(connection, 'blackouts'),
    calendars: createLibrary(connection, 'calendars'),
    sequences: createLibrary(connection, 'sequences'),
    sequenceSteps: createSequenceStepStore(connection),
    calendarLives: createCalendarLifeStore(connection),
    sequenceEntries: createSequenceEntryStore(connection),
    waves: createWaveStore(connection),
    staffTasks: createStaffTaskStore(connection),
    quotas: createLibrary(connection, 'quotas'),
    quotaUnits: quotas,
    events: createEventStore(connection),
    triggers: createLibrary(connection, 'triggers'),
    eventTypes: createLibrary(connection, 'eventTypes'),
    guardrails: createLibrary(connection, 'guardrails'),
    triggerLives: createTriggerLifeStore(connection),
    opportunities: createOpportunityStore(connection),
    firings: createFiringStore(connection),
    orders: createOrderStore(connection),
    leads: createLeadStore(connection),
    imports: createImportStore(connection),
    inbox: createInbox(connection),
    leases: createLeaseStore(connection),
    forgetting: createForgettingStore(connection, key),
    contactActs: createContactActStore(connection),
    nameClaims: createNameClaimStore(connection),
    welcomeCodes: createWelcomeCodeStore(connection),
    conditions: createConditionStore(connection),
    runs: createRunStore(connection),
    bookReports: createBookReportStore(connection),
    keys: createKeyStore(connection),
    responses: createResponseStore(connection),
  };
}

/** Makes every index that is missing, and brings rows of earlier versions into shape; repeats change nothing. Once at start, before work is taken. */
export async function ensureIndexes(connection: Connection): Promise<void> {
  const models = [
    contactModel(connection),
    ledgerModel(connection),
    aliasModel(connection),
    addressModel(connection),
    replyModel(connection),
    eventModel(connection),
    firingModel(connection),
    triggerLifeModel(connection),
    triggerBacktestModel(connection),
    opportunityModel(connection),
    ...Object.values(inboxModels(connection)),
    leasesModel(connection),
    contactActModel(connection),
    tombstoneModel(connection),
    nameClaimModel(connection),
    ...Object.values(importModels(connection)),
    orderModel(connection),
    deliveryModel(connection),
    bookReportModel(connection),
    calendarLifeModel(connection),
    sequenceStepModel(connection),
    waveModel(connection),
    waveContactModel(connection),
    sequenceEntryModel(connection),
    staffTaskModel(connection),
    keyModel(connection),
    responseModel(connection),
    welcomeCodeModel(connection),
    ...Object.values(leadModels(connection)),
    ...Object.values(runModels(connection)),
    ...Object.values(sealModels(connection)),
    ...Object.values(archiveModels(connection)),
    ...Object.values(quotaModels(connection)),
    ...LIBRARIES.flatMap((name) => Object.values(libraryModels(connection, name))),
  ];

  const make = async (): Promise<void> => {
    for (const model of models) await model.createIndexes();
    await upgradeInbox(connection);
    await upgradePhones(connection);
  };
  await guarded({ make }).make();
}
