// Takes a person out of every collection: what is personal goes, and what proofs and accounts need stays under the pseudonym.
// What stays is written under its new name before the old goes, so a crash in between leaves both and loses nothing.

import type { Connection, Model } from 'mongoose';
import type { ForgettingStore, Person, Removed, Tombstone } from '../../ports/forgetting';
import { forgottenRefusals } from '../../rules/contact/forgottenRefusals';
import type { LedgerKey } from '../../rules/ledger/chain';
import { forgottenRows } from '../../rules/ledger/forgottenRows';
import { type LedgerRow, rowId } from '../../rules/ledger/rows';
import { hashOfName, type Pseudonyms, pseudonymsOf, withSubject } from '../../rules/ledger/subject';
import { addressModel } from './addresses';
import { aliasModel } from './aliases';
import { createArchiveStore } from './archives';
import { contactActModel } from './contactActs';
import { contactModel } from './contactDocument';
import { deliveryModel } from './deliveries';
import { eraseAddresses, eraseReplies } from './eraseAnswers';
import { eraseStaffTasks } from './eraseStaffTasks';
import { eventModel } from './events';
import { firingModel } from './firings';
import { importModels } from './importJobs';
import { inboxModels } from './inboxDocument';
import { insertNew } from './inserts';
import { leadModels } from './leads';
import { type LedgerDocument, ledgerModel } from './ledger';
import { nameClaimModel } from './nameClaims';
import { opportunityModel } from './opportunities';
import { orderModel } from './orders';
import { createOutbox } from './outbox';
import { runModels } from './runs';
import { sequenceEntryModel } from './sequenceEntries';
import { sequenceStepModel } from './sequenceSteps';
import { waveContactModel } from './waveContacts';

type Eraser = (tombstone: Tombstone, person: Person) => Promise<number>;

/** In this order: the contact itself goes last, so that whatever was not reached is found again. */
export function createErase(connection: Connection, key?: LedgerKey): ForgettingStore['erase'] {
  const steps: Readonly<Record<string, Eraser>> = {
    hashes: ofHashes(connection, key?.subjectOf),
    inbox: ofInbox(connection),
    events: deleting(eventModel(connection)),
    deliveries: deleting(deliveryModel(connection)),
    imports: deleting(importModels(connection).left),
    'name-claims': deleting(nameClaimModel(connection)),
    'contact-acts': renamingActs(connection),
    leads: renamingLeads(connection),
    orders: renaming(orderModel(connection)),
    runs: renaming(runModels(connection).runs),
    waves: renaming(waveContactModel(connection)),
    'sequence-entries': renaming(sequenceEntryModel(connection)),
    'staff-tasks': (tombstone, { contactId }) => eraseStaffTasks(connection, contactId, tombstone),
    sequences: renaming(sequenceStepModel(connection)),
    ledger: ofLedger(connection, key),
    firings: ofFirings(connection),
    opportunities: renamingOpportunities(connection),
    replies: (_, person) => eraseReplies(connection, person),
    addresses: (_, person) => eraseAddresses(connection, person),
    names: ofNames(connection),
    contacts: ofContact(connection),
  };

  return async (tombstone, person) => {
    const removed: Record<string, number> = {};
    for (const [what, erase] of Object.entries(steps)) {
      const count = await erase(tombstone, person);
      if (count > 0) removed[what] = count;
    }
    return removed satisfies Removed;
  };
}

/** All that was heard of the person, also what waits: nobody is there any more whom it could be about. */
const ofInbox =
  (connection: Connection): Eraser =>
  async (_, { lanes }) => {
    const { inbox } = inboxModels(connection);
    const states = ['pending', 'parked', 'done', 'discarded'] as const;
    const filter = { state: { $in: [...states] }, lane: { $in: [...lanes] } };
    return (await inbox.deleteMany(filter)).deletedCount;
  };

const deleting =
  <D extends { readonly contactId?: string }>(model: Model<D>): Eraser =>
  async (_, { contactId }) =>
    (await model.collection.deleteMany({ contactId })).deletedCount;

/** Documents whose own id holds the contact's: each is written again under the pseudonym. */
const renaming =
  <D extends { readonly _id: string; readonly contactId: string }>(model: Model<D>): Eraser =>
  async ({ subject }, { contactId }) => {
    const found = (await model.collection.find({ contactId }).toArray()) as unknown as D[];
    const renamed = found.map((each) => renamedDocument(each, contactId, subject));

    await insertNew(model, renamed);
    await model.collection.deleteMany({ contactId });
    return found.length;
  };

const renamedDocument = <D extends { readonly _id: string }>(
  document: D,
  contactId: string,
  subject: string,
): D =>
  Object.fromEntries(
    Object.entries(document).map(([field, value]) => [
      field,
      typeof value === 'string' ? withSubject(value, contactId, subject) : value,
    ]),
  ) as D; // the same fields, in which one name stands for another

/** A lead is known by the pool's own id. */
const renamingLeads =
  (connection: Connection): Eraser =>
  async ({ subject }, { contactId }) => {
    const { leads } = leadModels(connection);
    const found = await leads.find({ contactId }).lean();
    for (const { _id, workflowId } of found) {
      const renamed = workflowId && withSubject(workflowId, contactId, subject);
      await leads.updateOne(
        { _id },
        { $set: { contactId: subject, ...(renamed && { workflowId: renamed }) } },
      );
    }
    return found.length;
  };

/** Who changed what of the contact, when and why stays; what it was before and after is personal. */
const renamingActs =
  (connection: Connection): Eraser =>
  async ({ subject }, { contactId }) => {
    const acts = contactActModel(connection);
    const named = { $unset: { before: '', after: '' } } as const;
    const own = await acts.updateMany({ contactId }, { $set: { contactId: subject }, ...named });
    const other = await acts.updateMany(
      { other: contactId },
      { $set: { other: subject }, ...named },
    );
    return own.modifiedCount + other.modifiedCount;
  };

function ofLedger(connection: Connection, key: LedgerKey | undefined): Eraser {
  const ledger = ledgerModel(connection);
  const contacts = contactModel(connection);
  const archives = createArchiveStore(connection);
  const outbox = createOutbox(connection);

  return async ({ subject, life }, { contactId }) => {
    const subjectOf = pseudonymsOf(key?.subjectOf);
    if (!key) return 0; // without a key there are no pseudonyms either

    const contact = await contacts.findOne({ _id: contactId }, { outbox: 1 }).lean();
    await outbox.flush(contact?.outbox ?? []);

    const found = await ledger.find({ contactId }).lean<LedgerDocument[]>();
    const known = found.map(({ _id, ...row }) => row as LedgerRow); // as it was before it was kept
    const latest = await archives.latest();
    const [begins] = latest ? await archives.beginningsOf([subject], latest.until) : [];
    const rows = forgottenRows(known, { life, key: { ...key, subjectOf }, before: begins });
    await insertNew(
      ledger,
      rows.map((row) => ({ _id: rowId(row), ...row })),
    );
    await ledger.deleteMany({ contactId });
    return rows.length;
  };
}

/** Their ids begin with the contact's. */
const ofFirings =
  (connection: Connection): Eraser =>
  async (_, { contactId }) =>
    (await firingModel(connection).deleteOne({ _id: contactId })).deletedCount;

/** How often triggers fired stays to be counted. */
const renamingOpportunities =
  (connection: Connection): Eraser =>
  async ({ subject }, { contactId }) => {
    const opportunities = opportunityModel(connection);
    const own = await opportunities.updateMany({ contactId }, { $set: { contactId: subject } });
    return own.modifiedCount;
  };

/** The names of others who have them, too, stay theirs. */
const ofNames =
  (connection: Connection): Eraser =>
  async (_, { contactId, aliases }) => {
    const names = aliasModel(connection).collection;
    const mine = { _id: { $in: [...aliases] } } as object;
    const { modifiedCount } = await names.updateMany(mine, {
      $pull: { contactIds: contactId },
    } as object);
    const old = await names.deleteMany({ ...mine, contactId });
    await names.deleteMany({ ...mine, contactIds: { $size: 0 } });
    return modifiedCount + old.deletedCount;
  };

/** From now on the hashes of the names refuse marketing, before anything goes that did. Nothing is taken out by that. */
const ofHashes =
  (connection: Connection, subjectOf: Pseudonyms | undefined): Eraser =>
  async ({ at, life = 1, names }, { contactId }) => {
    const ownId = hashOfName(pseudonymsOf(subjectOf), `contactId:${contactId}`);
    const statements = forgottenRefusals(at);

    for (const _id of names) {
      const words = { statements, ...(_id === ownId && { endedLife: life }) };
      const addresses = addressModel(connection).collection;
      await addresses.replaceOne({ _id } as object, words, { upsert: true });
    }
    return 0;
  };

const ofContact =
  (connection: Connection): Eraser =>
  async (_, { contactId }) => {
    await runModels(connection).contactRuns.deleteOne({ _id: contactId });
    return (await contactModel(connection).deleteOne({ _id: contactId })).deletedCount;
  };
