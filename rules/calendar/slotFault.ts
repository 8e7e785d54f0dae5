// What may be wrong with what a slot refers to. The sentences are made in rules/words/slotFault.ts.

import type { Segment } from '../catalogue/segment';
import type { TouchClass } from '../contact/contact';
import type { Outsider } from './outsider';
import type { CatalogueNoun } from './references';

/** Cities by name; null stands for every city that has no opening of its own. */
export type FaultCities = readonly (string | null)[];

/** `path` is dotted, lists by index: `slots[0].touch.product`; `value` is what stands there. */
export interface SlotFault {
  readonly path: string;
  readonly slot: string;
  /** Absent where a reference is missing. */
  readonly value?: string;
  readonly fault: ReferenceFault;
}

export type ReferenceFault =
  | {
      readonly kind: 'unknown';
      readonly noun: CatalogueNoun | 'template' | 'channel';
      readonly nearest: string | null;
    }
  /** No such version of the catalogue, or of the template, is published. */
  | {
      readonly kind: 'unknown-version';
      readonly noun: 'catalogue' | 'template';
      readonly version: number;
    }
  /** The pinned version has it, the catalogue in force has it no more. */
  | { readonly kind: 'withdrawn'; readonly noun: CatalogueNoun }
  | { readonly kind: 'off-shelf'; readonly name: string }
  | { readonly kind: 'promotes-another'; readonly product: string }
  | { readonly kind: 'closed-city'; readonly cities: FaultCities; readonly open: FaultCities }
  | {
      readonly kind: 'closed-channel';
      readonly cities: FaultCities;
      readonly channel: string;
      readonly open: readonly string[];
    }
  | {
      readonly kind: 'closed-date';
      readonly cities: FaultCities;
      /** The first date of the slot on which it is closed. */
      readonly date: string;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
    }
  | { readonly kind: 'no-template' }
  | { readonly kind: 'no-text'; readonly channel: string; readonly channels: readonly string[] }
  | {
      readonly kind: 'wrong-class';
      readonly touchClass: TouchClass;
      readonly templateClass: TouchClass;
    }
  /** The text cannot do without these variables of a product, and the slot names none. */
  | { readonly kind: 'no-product'; readonly variables: readonly string[] }
  | {
      readonly kind: 'not-eligible';
      readonly segments: readonly Segment[];
      /** Somebody of the audience for whom the product is not. */
      readonly example: Outsider;
    };
