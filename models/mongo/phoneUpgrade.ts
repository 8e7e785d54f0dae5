// Contacts of an earlier version, whose numbers were kept as they came and known of their latest holder only, brought into today's form.

import type { Connection } from 'mongoose';
import { normalisePhone } from '../../rules/contact/phone';
import { aliasModel, createAliases } from './aliases';
import { type ContactDocument, contactModel, profileFromDocument } from './contactDocument';

const PAGE = 500;
/** Names of numbers that do not begin with `+`. */
const OLD_NAMES = { $gte: 'phone:0', $lt: 'phone::' };

/** Without such a name it reads one range of an index and changes nothing. Interrupted, it begins again: the old names go last. */
export async function upgradePhones(connection: Connection): Promise<void> {
  const names = aliasModel(connection);
  const found = await names.find({ _id: OLD_NAMES }, { _id: 1 }).lean();
  const old = found.map(({ _id }) => _id).filter((_id) => isNumber(_id.slice('phone:'.length)));
  if (old.length === 0) return;

  let last = '';
  do last = await upgradePage(connection, last);
  while (last !== '');

  await names.deleteMany({ _id: { $in: old } });
}

const isNumber = (text: string): boolean => 'phone' in normalisePhone(text);

/** Answers the last id of the page; empty at the end. */
async function upgradePage(connection: Connection, after: string): Promise<string> {
  const contacts = contactModel(connection);
  const page = await contacts
    .find({ _id: { $gt: after } })
    .sort({ _id: 1 })
    .limit(PAGE)
    .lean<ContactDocument[]>();

  const profiles = page.map(profileFromDocument);
  await createAliases(connection).claim(
    profiles.map((profile) => ({ before: null, after: profile, given: profile })),
  );

  const writes = page.flatMap(({ _id, phone: old }, i) => {
    const phone = profiles[i]?.phone;
    if (old === undefined || phone === undefined || old === phone) return [];
    return [{ updateOne: { filter: { _id, phone: old }, update: { $set: { phone } } } }];
  });
  if (writes.length > 0) await contacts.bulkWrite(writes, { ordered: false });

  return page.at(-1)?._id ?? '';
}
