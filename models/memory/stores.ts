// Every store in memory, with the semantics of those over MongoDB; test/contracts holds both to the same promises.

import type { Stores } from '../../ports/stores';
import { type ContactRows, createFakeContacts } from './contacts';
import {
  createFakeDeliveries,
  createFakeInbox,
  createFakeLeads,
  createFakeOrders,
  createFakeRuns,
} from './flow';
import { createFakeKeys, createFakeResponses } from './keys';
import { createFakeLibrary } from './library';
import { createFakeQuotas } from './quotas';
import { createFakeTouches } from './touches';

export function createFakes(): Stores {
  const contacts: ContactRows = new Map();
  const quotaBook = createFakeQuotas();
  return {
    contacts: createFakeContacts(contacts),
    touches: createFakeTouches(contacts, quotaBook),
    deliveries: createFakeDeliveries(),
    policies: createFakeLibrary(),
    templates: createFakeLibrary(),
    catalogues: createFakeLibrary(),
    holidays: createFakeLibrary(),
    quotas: createFakeLibrary(),
    quotaBook,
    orders: createFakeOrders(contacts),
    leads: createFakeLeads(),
    inbox: createFakeInbox(),
    runs: createFakeRuns(),
    keys: createFakeKeys(),
    responses: createFakeResponses(),
  };
}
