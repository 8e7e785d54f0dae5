/** Whether a value is among those that a rule names; a rule that names none is about any. */
export const isOneOf = (
  value: string | undefined,
  values: readonly string[] | undefined,
): boolean => values === undefined || (value !== undefined && values.includes(value));
