// What was said from an address, whoever has it: kept by the address, so that it binds every contact that has it, now or later.

import type { AddressWords, ConsentStatement } from '../rules/contact/consentLog';
import type { Alias } from './contacts';

/** `contactId`: of a customer whose own address on a channel nobody knows. */
export type Address = Alias | { readonly kind: 'contactId'; readonly value: string };

/** No offer goes out on the channel until a member has read an answer. */
export interface AddressHold {
  readonly channel: string;
  /** Id of the answer. */
  readonly reply: string;
}

/**
 * Whoever tells an address something does so first, and then has it taken over by all who have the address
 * (`ContactStore.takeOver`). Whoever gets an address later reads it before and after his contact is written.
 */
export interface AddressStore {
  /** Keeps a statement with the key of the address it came from; the same one once. */
  tell(address: Address, statement: ConsentStatement): Promise<void>;
  /** The same answer holds once. */
  hold(address: Address, hold: AddressHold): Promise<void>;
  release(address: Address, reply: string): Promise<void>;
  /** Null: nothing was ever said from it. */
  find(address: Address): Promise<AddressWords | null>;
}
