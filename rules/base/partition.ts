// Which of the parts that processes hold by lease a lane of the inbox belongs to: the same everywhere, and evenly spread.

import { drawOf } from './digest';

/** Fixed for ever: items in the inbox carry theirs. More than the servers that anybody runs, few enough to lease one by one. */
export const PARTITIONS = 32;

export const partitionOf = (lane: string): number => drawOf(lane) % PARTITIONS;
