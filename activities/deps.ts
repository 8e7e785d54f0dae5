// What activities are built from: ports only, passed once by the composition root.

import type { CallbackBook, CallbackSystem } from '../ports/callbacks';
import type { Channel } from '../ports/channel';
import type { Clock } from '../ports/clock';
import type { Engine } from '../ports/engine';
import type { LateIntake } from '../ports/intake';
import type { LeadPool } from '../ports/leads';
import type { Log } from '../ports/log';
import type { OrderDesk } from '../ports/orders';
import type { SealArchive } from '../ports/seals';
import type { SequenceDoor } from '../ports/sequenceDoor';
import type { Stores } from '../ports/stores';
import type { WecomDesk } from '../ports/wecom';
import type { ChannelPace } from '../rules/calendar/channelPace';
import type { LedgerKey } from '../rules/ledger/chain';

export interface ActivityDeps {
  readonly stores: Omit<Stores, 'inbox' | 'leases' | 'keys' | 'responses' | 'conditions'>;
  /** The channels this deployment can speak on, by name. */
  readonly channels: ReadonlyMap<string, Channel>;
  readonly wecom: WecomDesk;
  readonly orderDesk: OrderDesk;
  readonly leadPool: LeadPool;
  readonly engine: Pick<
    Engine,
    'followMassSend' | 'withdrawMassSend' | 'signal' | 'start' | 'reviewWaves'
  >;
  readonly clock: Clock;
  /** By channel: those that take only so many touches of waves a second. */
  readonly paces?: ReadonlyMap<string, ChannelPace>;
  /** Signs the seals of the ledger. */
  readonly ledgerKey?: LedgerKey | undefined;
  /** Where seals are out of the database's reach; absent: nobody configured such a place. */
  readonly sealArchive?: SealArchive | undefined;
}

/** What the flows need besides that read the channels' own records. */
export interface BookDeps extends ActivityDeps {
  readonly log: Log;
  /** What each system has told by call-back; those that are not configured are missing. */
  readonly callbackBooks: ReadonlyMap<CallbackSystem, CallbackBook>;
  readonly late: LateIntake;
}

/** What all activities together need. */
export interface WorkerDeps extends BookDeps {
  readonly sequenceDoor: SequenceDoor;
}

/** Which run an activity works for. */
export interface CallingRun {
  readonly workflowId: string;
  readonly runId: string;
}
