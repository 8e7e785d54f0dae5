// How waves keep to what a channel takes a second: their pages are asked of a task queue of the channel, from which Temporal hands
// out so many a second to all workers together.

/** A channel that takes no more than so many touches of waves a second. */
export interface ChannelPace {
  readonly perSecond: number;
  /** The task queue of its pages. */
  readonly queue: string;
  /** Contacts of a page, at most. */
  readonly pageSize: number;
  /** Pages that the queue hands out a second, over all workers. */
  readonly pagesPerSecond: number;
}

/** A page is about so many seconds' worth: few enough that the channel sees no burst, many enough that a wave costs little history. */
const SECONDS_A_PAGE = 10;
/** Contacts that a store reads and writes at once. */
const MOST = 500;

/** @param taskQueue of the deployment @param perSecond touches, more than 0 */
export function channelPace(taskQueue: string, channel: string, perSecond: number): ChannelPace {
  const pageSize = Math.min(MOST, Math.max(1, Math.floor(perSecond * SECONDS_A_PAGE)));
  return {
    perSecond,
    queue: `${taskQueue}-${channel}`,
    pageSize,
    pagesPerSecond: perSecond / pageSize,
  };
}

/** Of a slot that may come to several channels the slowest sets the pace; undefined: none of them is limited. */
export const slowestOf = (
  channels: readonly string[],
  paces: ReadonlyMap<string, ChannelPace>,
): ChannelPace | undefined =>
  channels
    .flatMap((channel) => paces.get(channel) ?? [])
    .toSorted((a, b) => a.perSecond - b.perSecond)[0];
