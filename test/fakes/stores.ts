// Every store in memory, with the semantics of those over MongoDB; test/contracts holds both to the same promises.

import type { Stores } from '../../ports/stores';
import { type ContactRows, createFakeContacts } from './contacts';
import { createFakeDeliveries, createFakeInbox, createFakeLeads, createFakeOrders, createFakeRuns } from './flow';
import { createFakeKeys, createFakeResponses } from './keys';
import { createFakeLibrary } from './library';
import { createFakeTouches } from './touches';

export function createFakes(): Stores {
  const contacts: ContactRows = new Map();
  return {
    contacts: createFakeContacts(contacts),
    touches: createFakeTouches(contacts),
    deliveries: createFakeDeliveries(),
    policies: createFakeLibrary(),
    templates: createFakeLibrary(),
    catalogues: createFakeLibrary(),
    holidays: createFakeLibrary(),
    orders: createFakeOrders(contacts),
    leads: createFakeLeads(),
    inbox: createFakeInbox(),
    runs: createFakeRuns(),
    keys: createFakeKeys(),
    responses: createFakeResponses(),
  };
}
