// The documents of versioned libraries: one per version, and a head per id.

import { type Connection, type Model, Schema } from 'mongoose';
import type { PublicationRecord, WithdrawnVersion } from '../../ports/library';
import { modelOf } from './model';

export interface HeadDocument {
  readonly _id: string;
  readonly latest: number;
  readonly current?: number;
  /** Every change of the version in force. */
  readonly published?: readonly PublicationRecord[];
}

export interface VersionDocument {
  readonly _id: string;
  readonly id: string;
  readonly version: number;
  readonly state: 'draft' | 'published';
  readonly body: unknown;
  readonly author: string;
  readonly at: string;
  readonly withdrawn?: WithdrawnVersion;
  /** Who wrote it, once somebody published it. */
  readonly drafted?: { readonly author: string; readonly at: string };
}

const heads = new Schema<HeadDocument>(
  {
    _id: { type: String, required: true },
    latest: { type: Number, required: true },
    current: Number,
    published: { type: [Schema.Types.Mixed], default: undefined },
  },
  { versionKey: false, strict: 'throw', id: false },
);

const versions = new Schema<VersionDocument>(
  {
    _id: { type: String, required: true },
    id: { type: String, required: true },
    version: { type: Number, required: true },
    state: { type: String, enum: ['draft', 'published'], required: true },
    body: { type: Schema.Types.Mixed, required: true },
    author: { type: String, required: true },
    at: { type: String, required: true },
    drafted: Schema.Types.Mixed,
    withdrawn: Schema.Types.Mixed,
  },
  { versionKey: false, minimize: false, strict: 'throw', id: false },
);

export type LibraryName =
  | 'policies'
  | 'templates'
  | 'catalogues'
  | 'holidays'
  | 'quotas'
  | 'blackouts'
  | 'calendars'
  | 'sequences'
  | 'triggers'
  | 'eventTypes'
  | 'guardrails';

export const LIBRARIES: readonly LibraryName[] = [
  'policies',
  'templates',
  'catalogues',
  'holidays',
  'quotas',
  'blackouts',
  'calendars',
  'sequences',
  'triggers',
  'eventTypes',
  'guardrails',
];

/** The models of a library on a connection. */
export function libraryModels(
  connection: Connection,
  name: LibraryName,
): { heads: Model<HeadDocument>; versions: Model<VersionDocument> } {
  return {
    heads: modelOf(connection, `${name}Head`, heads, `${name}Heads`),
    versions: modelOf(connection, name, versions, name),
  };
}
