// What the handlers of the inbox are built from.

import type { Clock } from '../ports/clock';
import type { Engine } from '../ports/engine';
import type { Log } from '../ports/log';
import type { Stores } from '../ports/stores';
import type { WecomDesk } from '../ports/wecom';
import type { RefusalReader } from '../rules/contact/refusal';
import type { Pseudonyms } from '../rules/ledger/subject';
import type { CompiledTriggers } from '../rules/trigger/compileTriggers';

export interface IntakeDeps {
  readonly stores: Stores;
  readonly engine: Pick<
    Engine,
    'start' | 'signal' | 'placeOrder' | 'reviewWaves' | 'wakeWave' | 'describe'
  >;
  readonly wecom: Pick<WecomDesk, 'customer'>;
  /** Reads the answers of customers for refusals. */
  readonly readAnswer: RefusalReader;
  readonly clock: Clock;
  readonly log: Log;
  /** Those that fire now. */
  readonly triggers: () => Promise<CompiledTriggers>;
  /** Told of the contact that an item turned out to be about, before anything is done to him. */
  readonly assertLaneOf: (contactId: string) => void;
  /** Absent: nobody can have been forgotten. */
  readonly subjectOf?: Pseudonyms | undefined;
  /** IANA zone of a contact that names none. */
  readonly timezone: string;
}
