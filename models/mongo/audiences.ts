// Counts of an audience over MongoDB: one count each, no contact is read.

import type { Model } from 'mongoose';
import type { Audience } from '../../ports/contacts';
import type { Lack } from '../../rules/catalogue/variables';
import type { ContactDocument } from './contactDocument';

export const countAudience = (
  contacts: Model<ContactDocument>,
  { cities, brand }: Audience,
  lack?: Lack,
): Promise<number> =>
  contacts
    .countDocuments({
      ...(cities && { city: { $in: [...cities] } }),
      ...(brand !== undefined && { brand }),
      ...(lack && lacking(lack)),
    })
    .exec();

/** A field that is absent equals null, and is among no values. */
function lacking(lack: Lack): object {
  const { field } = lack;
  switch (lack.kind) {
    case 'absent':
      return { [field]: null };
    case 'blank':
      return { $or: [{ [field]: null }, { [field]: /^\s*$/ }] };
    case 'not-among':
      return { [field]: { $nin: [...lack.values] } };
  }
}
