// Takes a person out of what was answered: addresses that nobody else has go with all that was said from them. Who comes back under
// one has refused marketing all the same (ports/forgetting.ts).

import type { Connection } from 'mongoose';
import type { Person } from '../../ports/forgetting';
import { addressModel } from './addresses';
import { aliasModel } from './aliases';
import { replyModel } from './replies';

/** Answers how many addresses went. */
export async function eraseAddresses(connection: Connection, person: Person): Promise<number> {
  const own = await ownAddresses(connection, person);
  return (await addressModel(connection).deleteMany({ _id: { $in: own } })).deletedCount;
}

/** Answers how many answers went or know the person no more. Those of an address that others have, too, stay for them. */
export async function eraseReplies(connection: Connection, person: Person): Promise<number> {
  const replies = replyModel(connection);
  const own = await ownAddresses(connection, person);
  const { deletedCount } = await replies.collection.deleteMany({ $or: own.map(fromAddress) });

  const { contactId } = person;
  const mine = { contactIds: contactId };
  return deletedCount + (await replies.updateMany(mine, { $pull: mine })).modifiedCount;
}

function fromAddress(key: string) {
  const [kind = ''] = key.split(':', 1);
  return { 'address.kind': kind, 'address.value': key.slice(kind.length + 1) };
}

/** Keys of the addresses that nobody else has. Before the names go, by which the others are known. */
async function ownAddresses(
  connection: Connection,
  { contactId, aliases }: Person,
): Promise<string[]> {
  const names = await aliasModel(connection)
    .find({ _id: { $in: [...aliases] } })
    .lean();
  const shared = new Set(
    names
      .filter(({ contactIds = [], contactId: only = contactId }) =>
        [...contactIds, only].some((id) => id !== contactId),
      )
      .map(({ _id }) => _id),
  );

  return [...aliases, `contactId:${contactId}`].filter((key) => !shared.has(key));
}
