// Do-not-disturb entries of a contact: nothing from `from` until `until`, or for good when `until` is absent.

import type { GateContact } from '../contact/gateContact.schema';
import { covers } from '../policy/scope';
import { instantAt } from '../time/instant';
import { type AskedRule, PASS, SUPPRESS } from './answer';
import type { Touch } from './gate.schema';

const DEFAULT_CLASSES = ['marketing', 'service'] as const;

/** The entries that are about the touch, one rule each. Whether one is in force is its answer. */
export function dndRules(contact: GateContact, touch: Touch): AskedRule[] {
  const rules: AskedRule[] = [];
  contact.dnd?.forEach((entry, i) => {
    if (!covers({ classes: entry.classes ?? DEFAULT_CLASSES, channels: entry.channels }, touch))
      return;

    const from =
      entry.from === undefined
        ? Number.NEGATIVE_INFINITY
        : instantAt(entry.from, `contact.dnd[${i}].from`);

    const until =
      entry.until === undefined ? SUPPRESS : instantAt(entry.until, `contact.dnd[${i}].until`);

    rules.push({
      kind: 'dnd',
      rule: 'dnd',
      answer: (instant) => (from <= instant && instant < until ? until : PASS),
      finding: () => ({ kind: 'dnd', from: entry.from, until: entry.until }),
    });
  });

  return rules;
}
