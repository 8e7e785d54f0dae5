// The document of a contact: profile, touches and their unwritten ledger rows, in one place so that one write changes them together.

import { type Connection, type Model, Schema } from 'mongoose';
import type { ConsentEvidence } from '../../rules/contact/consentLog';
import type { Contact, KeptTouch, Profile } from '../../rules/contact/contact';
import { stricterConsents } from '../../rules/contact/earlierConsents';
import type { Fence } from '../../rules/contact/fences';
import { normalisePhone } from '../../rules/contact/phone';
import type { StaleStart } from '../../rules/contact/staleStart';
import type { LedgerRow } from '../../rules/ledger/rows';
import { modelOf } from './model';

export interface ContactDocument extends Omit<Profile, 'contactId'> {
  readonly _id: string;
  readonly touches: readonly KeptTouch[];
  readonly revision: number;
  readonly profileRevision: number;
  /** Counts writes of facts, which move no other revision; absent before the first. */
  readonly factWrites?: number;
  readonly staleStarts?: readonly StaleStart[];
  /** Counts writes of touches, also those that make no row, so that none overwrites another. */
  readonly writes: number;
  /** The page of touches that wrote last: tells its own writes from those of rivals. */
  readonly writer?: string;
  /** Ledger rows of the latest writes; those not in the ledger yet are put there before this list is replaced. */
  readonly outbox: readonly LedgerRow[];
  /** Link of the latest ledger row, and how many there are (rules/ledger/chain.ts). */
  readonly chain?: string;
  readonly sequence?: number;
  /** Which life of the contact this is; absent: the first. Whoever was forgotten and comes back has no past. */
  readonly life?: number;
  readonly fences?: readonly Fence[];
  /** ISO: by when the first of the open touches must be settled; absent: none is open. So the overdue are found by an index. */
  readonly settleBy?: string;
  /** An earlier version's: when each consent was last stated, in which one wrong clock could win for years. */
  readonly consentTimes?: object;
  /** Every statement, whether or not it counts. */
  readonly consentLog?: readonly ConsentEvidence[];
  /** The imports that wrote last: tells their own writes from those of rivals. */
  readonly imports?: readonly string[];
}

const part = { _id: false, minimize: false } as const;
const free = Schema.Types.Mixed;

const touch = new Schema(
  {
    touchId: { type: String, required: true },
    at: { type: String, required: true },
    state: { type: String, enum: ['reserved', 'tasked', 'sent', 'released'], required: true },
    channel: { type: String, required: true },
    class: { type: String, required: true },
    category: String,
    campaign: String,
    product: String,
    staffId: String,
    city: String,
    attempt: { type: Number, required: true },
    channelRef: String,
    why: String,
    acceptedAt: String,
    parts: Number,
    receipts: { type: [free], default: undefined },
    deliveredAt: String,
    partly: Boolean,
    settleBy: String,
    withdrawn: free,
  },
  { ...part, strict: 'throw' },
);

const relation = new Schema(
  {
    staffId: { type: String, required: true },
    externalUserId: { type: String, required: true },
    state: {
      type: String,
      enum: ['friend', 'removed-by-customer', 'removed-by-staff'],
      required: true,
    },
    addedAt: { type: String, required: true },
    removedAt: String,
    scene: String,
  },
  { ...part, strict: 'throw' },
);

const plan = new Schema(
  { id: { type: String, required: true }, fee: Number },
  { ...part, id: false },
);

const schema = new Schema(
  {
    _id: { type: String, required: true },
    city: { type: String, required: true },
    name: String,
    phone: String,
    phoneClaimedAt: String,
    phoneShared: Boolean,
    numberLostAt: String,
    unionId: String,
    brand: String,
    payType: String,
    plan,
    activatedAt: String,
    personalisation: Boolean,
    timezone: String,
    billDay: Number,
    // Keyed by channel, or holding what deployments add: checked where they come in.
    channels: free,
    consents: free,
    blocks: free,
    holds: free,
    dnd: free,
    quietHours: free,
    facts: free,
    factTimes: free,
    purchases: { type: [free], default: undefined },
    factWrites: Number,
    staleStarts: { type: [free], default: undefined },
    relations: { type: [relation], default: undefined },
    mergedFrom: { type: [free], default: undefined },
    mergedInto: String,
    beforeMerge: free,
    apart: { type: [String], default: undefined },
    touches: { type: [touch], default: undefined },
    revision: { type: Number, required: true },
    profileRevision: { type: Number, required: true },
    writes: { type: Number, required: true },
    writer: String,
    outbox: { type: [free], default: undefined },
    chain: String,
    sequence: Number,
    life: Number,
    fences: { type: [free], default: undefined },
    settleBy: String,
    consentTimes: free,
    consentLog: { type: [free], default: undefined },
    imports: { type: [String], default: undefined },
  },
  { collection: 'contacts', versionKey: false, minimize: false, strict: 'throw', id: false },
);
schema.index({ city: 1, _id: 1 });
schema.index({ 'relations.staffId': 1, _id: 1 }, { sparse: true });
schema.index({ settleBy: 1, _id: 1 }, { sparse: true });

/** The model of contacts on a connection. */
export function contactModel(connection: Connection): Model<ContactDocument> {
  return modelOf(connection, 'Contact', schema);
}

/** The document as the ports know it. */
export function contactFromDocument(document: ContactDocument): Contact {
  const { _id, writes, factWrites, writer, outbox, settleBy, ...rest } = document;
  const { consentTimes, consentLog, imports, ...known } = rest;
  return {
    contactId: _id,
    ...known,
    ...phoneOf(known),
    ...(consentTimes && { consents: stricterConsents(known.consents, consentLog) }),
  };
}

/** An earlier version kept eleven digits. */
function phoneOf({ phone }: Pick<ContactDocument, 'phone'>): Pick<Profile, 'phone'> {
  if (phone === undefined || phone.startsWith('+')) return {};

  const read = normalisePhone(phone);
  return 'phone' in read ? read : {};
}

/** The part of the document that imports and edits change. */
export function profileFromDocument(document: ContactDocument): Profile {
  const { touches, revision, profileRevision, chain, sequence, life, ...rest } =
    contactFromDocument(document);
  const { fences, staleStarts, ...profile } = rest;
  return profile;
}
