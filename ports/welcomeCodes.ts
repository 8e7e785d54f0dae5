// Welcome codes: for twenty seconds whoever has one can speak to a customer in our name. They are kept here, and named by id elsewhere.

export interface WelcomeCodeStore {
  /** Repeats change nothing. `until`: milliseconds, when it may be forgotten. */
  keep(id: string, code: string, until: number): Promise<void>;
  /** Null: unknown, or forgotten by now. */
  find(id: string): Promise<string | null>;
}
