// Events that end a run early: a refusal, a lost friend, a purchase.

import { type ChannelName, isChannelName } from '../../rules/contact/contact';
import { journeyKind } from '../../rules/journey/kinds';
import type { ContactEvent } from '../../rules/journey/messages';
import type { RunState } from './state';

/** Unwinds a journey to its frame, which ends the run with this outcome. */
export class RunEnded extends Error {
  override readonly name = 'Ending';
  constructor(readonly outcome: string) {
    super(outcome);
  }
}

/**
 * Whether an event ends the run. An opt-out of one channel does not end a journey that can speak on another: it closes that
 * channel (the gate suppresses it from then on), and the run ends with the last. The deletion of the member closes WeCom alike.
 */
export function endingOf(state: RunState, event: ContactEvent): string | null {
  switch (event.kind) {
    case 'opted-out':
      return lose(state, closedBy(state, event)) ? 'opted-out' : null;
    case 'friend-removed':
      if (event.staffId !== undefined && event.staffId !== state.staffId) return null;
      return lose(state, ['wecom']) ? 'friend-removed' : null;
    case 'converted':
      return converts(state, event) ? 'converted' : null;
    case 'overtaken':
      return converts(state, event) ? 'overtaken' : null;
    case 'forgotten':
      return 'forgotten';
    default:
      return null;
  }
}

/** A journey that answers purchases itself goes on. Another product than the one on offer changes nothing. */
function converts({ journey, product }: RunState, event: ContactEvent): boolean {
  if (journeyKind(journey).answersPurchases === true) return false;
  return event.product === undefined || event.product === product;
}

/** The channel that the customer named, else all of them. */
const closedBy = ({ channels }: RunState, { channel }: ContactEvent): readonly ChannelName[] =>
  isChannelName(channel) ? [channel] : channels;

/** True when no channel of the journey is left. */
function lose(state: RunState, channels: readonly ChannelName[]): boolean {
  for (const channel of channels) if (!state.lost.includes(channel)) state.lost.push(channel);
  return state.channels.every((channel) => state.lost.includes(channel));
}
