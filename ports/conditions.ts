// What keeps an outside system from working for us: met by whichever process calls it, seen by people until it works again.

export type OutsideSystem = 'wecom' | 'sms' | 'crm' | 'iop';

/** Where it was met: our calls to a system, or its call-backs to us. */
export type Side = OutsideSystem | `${OutsideSystem}-callback`;

export interface Meeting {
  readonly system: Side;
  /** The system's own code, or what stood between: `60020`, `UNAUTHORISED`, `HTTP-502`, `CERT_HAS_EXPIRED`, `BAD_SIGNATURE`. */
  readonly code: string;
  /** `ours`: somebody on our side must act. `theirs`: it passes, or they must. */
  readonly fault: 'ours' | 'theirs';
  /** True: no call can succeed meanwhile. Else it may be about one member, one API or one message. */
  readonly isWide: boolean;
}

export interface SystemCondition extends Meeting {
  /** ISO. */
  readonly since: string;
  readonly lastAt: string;
  readonly times: number;
}

export interface ConditionStore {
  /** Counts meetings; the first one opens the condition. */
  meet(meeting: Meeting & { readonly at: string; readonly times: number }): Promise<void>;
  /** The system worked: ends wide conditions met before `at`, and others met before `quietSince`. */
  worked(system: Side, ends: { readonly at: string; readonly quietSince: string }): Promise<void>;
  /** What stands, by system and code. */
  list(): Promise<SystemCondition[]>;
}

/** Told by the clients of systems how their calls went. It neither throws nor keeps anybody waiting. */
export interface SystemWatch {
  met(meeting: Meeting): void;
  worked(system: Side): void;
}
