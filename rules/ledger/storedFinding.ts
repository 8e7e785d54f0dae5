// The finding of a stored line of an explanation. Rows keep only its English detail, so it is read back from that.

import { assertNever } from '../base/errors';
import type { UnreachableReason } from '../contact/gateContact.schema';
import {
  type ConsentGiven,
  type ConsentNeed,
  detailOf,
  OPEN_UNTIL,
  type RuleFinding,
  UNANNOUNCED,
} from '../gate/finding';
import type { Explained } from '../gate/gate.schema';

/** What the rule of a stored line found; null for a detail that the gate never wrote in this form. */
export function storedFinding({
  kind,
  detail,
}: Pick<Explained, 'kind' | 'detail'>): RuleFinding | null {
  const finding = read(kind, detail);

  // A detail that would be written otherwise was misread.
  return finding !== null && detailOf(finding) === detail ? finding : null;
}

function read(kind: RuleFinding['kind'], detail: string): RuleFinding | null {
  switch (kind) {
    case 'unreachable':
      return unreachable(detail);
    case 'blocked':
      return blocked(detail);
    case 'consent':
      return consent(detail);
    case 'dnd':
      return dnd(detail);
    case 'quiet-hours':
      return quietHours(detail);
    case 'gap':
      return gap(detail);
    case 'cap':
      return cap(detail);
    case 'holdout':
      return holdout(detail);
    default:
      return assertNever(kind, 'kind');
  }
}

function unreachable(detail: string): RuleFinding | null {
  if (detail === 'reachable') return { kind: 'unreachable', reachable: true };

  const [, channel, why] = /^not reachable on (.+?)(?:: (number-reassigned))?$/s.exec(detail) ?? [];
  if (channel === undefined) return null;
  return {
    kind: 'unreachable',
    reachable: false,
    channel,
    ...(why !== undefined && { why: why as UnreachableReason }), // as the pattern has it
  };
}

function blocked(detail: string): RuleFinding | null {
  if (detail === 'no block') return { kind: 'blocked', block: null };

  // The first colon ends the channel: channels are short names, reasons are free text.
  const [, channel, reason] = /^blocked on (.+?)(?:: (.*))?$/s.exec(detail) ?? [];
  return channel === undefined ? null : { kind: 'blocked', block: { channel, reason } };
}

function consent(detail: string): RuleFinding | null {
  const [, given, need] =
    /^(granted|refused|unknown), needs (granted|not-refused)$/.exec(detail) ?? [];
  if (given === undefined || need === undefined) return null;
  return { kind: 'consent', given: given as ConsentGiven, need: need as ConsentNeed }; // as the pattern has them
}

function dnd(detail: string): RuleFinding | null {
  const [, from, until] = /^from (.+) until (.+)$/.exec(detail) ?? [];
  if (from === undefined || until === undefined) return null;

  return {
    kind: 'dnd',
    ...(from !== 'always' && { from }),
    ...(until !== 'further notice' && { until }),
  };
}

function quietHours(detail: string): RuleFinding | null {
  const [times = '', year] = detail.split(UNANNOUNCED);
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(times) ?? [];
  if (from === undefined || to === undefined) return null;
  return {
    kind: 'quiet-hours',
    from,
    to,
    ...(year !== undefined && { unannounced: Number(year) }),
  };
}

function gap(detail: string): RuleFinding | null {
  if (detail === 'none counted') return { kind: 'gap', latest: null };

  const open = detail.endsWith(OPEN_UNTIL);
  const [, hours, latest] = /^(\S+) h after ([^,]+)/.exec(detail) ?? [];
  if (latest === undefined) return null;
  return { kind: 'gap', hours: Number(hours), latest, ...(open && { open }) };
}

function cap(detail: string): RuleFinding | null {
  const [, counted, limit, since] = /^(\d+) of (\S+) since (.+)$/.exec(detail) ?? [];
  if (since === undefined) return null;
  return { kind: 'cap', counted: Number(counted), limit: Number(limit), since };
}

function holdout(detail: string): RuleFinding | null {
  const [, where, percent, by] =
    /^(in|not in) the (\S+)% by (contact|campaign)$/.exec(detail) ?? [];
  if (by === undefined) return null;

  return {
    kind: 'holdout',
    isHeldOut: where === 'in',
    percent: Number(percent),
    by: by === 'contact' ? 'contact' : 'campaign',
  };
}
