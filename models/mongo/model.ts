// A model is made once per connection, whichever store asks for it first.

import type { Connection, Model, Schema } from 'mongoose';

/** The model of this name on a connection. The schema describes `D`; lists and maps that are free of form make its own type wider. */
export function modelOf<D>(
  connection: Connection,
  name: string,
  schema: object,
  collection?: string,
): Model<D> {
  const known = connection.models[name] as Model<D> | undefined;
  return known ?? connection.model<D>(name, schema as Schema<D>, collection);
}
