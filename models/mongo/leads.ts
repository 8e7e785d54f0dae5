// Leads over MongoDB, and where the next fetch from the pool begins.

import { type Connection, type Model, Schema } from 'mongoose';
import type { KeptLead, LeadStore } from '../../ports/leads';
import { guarded } from './failures';
import { insertNew } from './inserts';
import { modelOf } from './model';
import { present } from './plain';

interface LeadDocument extends Omit<KeptLead, 'leadId'> {
  readonly _id: string;
}

interface CursorDocument {
  readonly _id: string;
  readonly value: string;
}

type LeadFilter = Parameters<LeadStore['list']>[0];
type LeadChange = Parameters<LeadStore['update']>[1];

const POOL = 'leads';

const leads = new Schema<LeadDocument>(
  {
    _id: { type: String, required: true },
    contactId: { type: String, required: true },
    product: { type: String, required: true },
    outcome: { type: String, required: true },
    outcomeSaid: String,
    createdAt: { type: String, required: true },
    expiresAt: String,
    state: { type: String, enum: ['open', 'claimed', 'closed'], required: true },
    claimedBy: String,
    result: String,
    attempts: { type: Number, required: true },
    city: { type: String, required: true },
    workflowId: String,
  },
  { collection: 'leads', versionKey: false, strict: 'throw', id: false },
);
leads.index({ contactId: 1 });
leads.index({ city: 1, state: 1, _id: 1 });

const cursors = new Schema<CursorDocument>(
  { _id: { type: String, required: true }, value: { type: String } },
  { collection: 'cursors', versionKey: false, strict: 'throw' },
);

export function leadModels(connection: Connection): {
  leads: Model<LeadDocument>;
  cursors: Model<CursorDocument>;
} {
  return {
    leads: modelOf(connection, 'Lead', leads),
    cursors: modelOf(connection, 'Cursor', cursors),
  };
}

interface LeadState {
  readonly leads: Model<LeadDocument>;
  readonly cursors: Model<CursorDocument>;
}

export function createLeadStore(connection: Connection): LeadStore {
  const state: LeadState = leadModels(connection);

  return guarded<LeadStore>({
    add: (given) => addLeads(state, given),
    find: (leadId) => findLead(state, leadId),
    update: (leadId, change, onlyWhen) => updateLead(state, leadId, change, onlyWhen),
    list: (filter) => listLeads(state, filter),

    cursor: () => readCursor(state),
    moveCursor: (value) => moveCursor(state, value),
  });
}

async function addLeads({ leads }: LeadState, given: readonly KeptLead[]): Promise<string[]> {
  const documents = given.map(({ leadId, ...lead }) => ({ _id: leadId, ...lead }));
  const isNew = await insertNew(leads, documents);
  return given.filter((_, i) => isNew[i]).map(({ leadId }) => leadId);
}

async function findLead({ leads }: LeadState, leadId: string): Promise<KeptLead | null> {
  const found = await leads.findOne({ _id: leadId }).lean<LeadDocument>();
  return found && leadFromDocument(found);
}

async function updateLead(
  { leads }: LeadState,
  leadId: string,
  change: LeadChange,
  onlyWhen: KeptLead['state'] | undefined,
): Promise<boolean> {
  const filter = { _id: leadId, ...(onlyWhen && { state: onlyWhen }) };
  const $set = present(change);
  if (Object.keys($set).length === 0) return (await leads.exists(filter)) !== null;

  return (await leads.updateOne(filter, { $set })).matchedCount === 1;
}

async function listLeads(
  { leads }: LeadState,
  { state, contactId, cities, after = '', limit }: LeadFilter,
): Promise<KeptLead[]> {
  const found = await leads
    .find({
      _id: { $gt: after },
      ...(state && { state }),
      ...(contactId !== undefined && { contactId }),
      ...(cities && { city: { $in: [...cities] } }),
    })
    .sort({ _id: 1 })
    .limit(limit)
    .lean<LeadDocument[]>();
  return found.map(leadFromDocument);
}

async function readCursor({ cursors }: LeadState): Promise<string> {
  const found = await cursors.findOne({ _id: POOL }).lean<CursorDocument>();
  return found?.value ?? '';
}

async function moveCursor({ cursors }: LeadState, value: string): Promise<void> {
  await cursors.updateOne({ _id: POOL }, { $set: { value } }, { upsert: true });
}

const leadFromDocument = ({ _id, ...lead }: LeadDocument): KeptLead => ({ leadId: _id, ...lead });
