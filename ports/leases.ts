// What one process at a time may do: held by lease, until it is given back or its holder is seen to be dead.

export interface Lease {
  /** Absent: nobody holds it. */
  readonly holder?: string;
  /** Of the one who took it last; every lease taken has a higher one than all before. */
  readonly fence: number;
}

export interface LeaseTable {
  /** By process, a number that grows while it lives. No clock is compared: whoever watches measures with its own how long one stood still. */
  readonly beats: Readonly<Record<string, number>>;
  /** By name; one that nobody ever took is absent. */
  readonly leases: Readonly<Record<string, Lease>>;
}

export interface LeaseStore {
  /** Says that a process lives; answers the table as it is then. */
  beat(process: string): Promise<LeaseTable>;
  /** Takes a lease that is as it was seen. @returns its fence; null: somebody was quicker */
  take(name: string, seen: Lease | undefined, process: string): Promise<number | null>;
  /** Gives a lease back; nothing when somebody else has it by now. */
  release(name: string, fence: number): Promise<void>;
  /** Forgets a process that has ended. */
  forget(process: string): Promise<void>;
}
