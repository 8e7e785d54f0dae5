// From documents to the plain values of the ports, and back.

/** The document without its `_id`, whose value the ports know by another name. */
export function withoutId<D extends { readonly _id: string }>(document: D): Omit<D, '_id'> {
  const { _id, ...rest } = document;
  return rest;
}

/** A `$set` of every given field; absent fields are left alone. */
export function present<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T; // fewer optional fields
}
