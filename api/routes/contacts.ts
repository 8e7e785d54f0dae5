// Customers: imported in batches, read as one card, changed in places.

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { assertCity } from '../../intake/cityRights';
import { type ContactRowResult, takeContacts } from '../../intake/imports/takeContacts';
import { inboundEvent } from '../../intake/inbound';
import { wakeRuns } from '../../intake/launch';
import { foreignClaims, withoutClaimed } from '../../intake/nameRights';
import { settleNumbers } from '../../intake/numbers';
import { joinRecognised } from '../../intake/recognise';
import type { CityScope } from '../../ports/contacts';
import type { NameClaim } from '../../ports/nameClaims';
import { CodedError, type Issue } from '../../rules/base/errors';
import { allTouchesOf, type Contact, type Profile } from '../../rules/contact/contact';
import { importRow, profileChange } from '../../rules/contact/contact.schema';
import { pastClaims } from '../../rules/contact/pastInstant';
import { phone } from '../../rules/contact/phone.schema';
import { id } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { formatInstant } from '../../rules/time/instant';
import * as answers from '../answers';
import { BATCH_BYTES, batchAnswer, givenRows, MAX_ROWS, type RowAnswer, refusal } from '../batch';
import type { ApiDeps } from '../deps';
import { type Exchange, endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';
import { page, pageQuery } from '../paging';
import { scopeOf, visibleContact } from '../scope';
import { claimView, contactView, runView } from '../views';

/** Rows of the ledger on the card; the rest is under `decisions`. */
const CARD_ROWS = 50;

export const importBatch = endpoint({
  summary: [
    '批量导入客户（JSON 或 JSONL，最多 5,000 行，逐行回答；未给出的字段保留，null 表示删除）',
    'Import contacts (JSON or JSONL, at most 5,000 rows, answered row by row); a field that a row does not have is left alone, null removes it',
  ],
  query: strict({ replace: z.stringbool().default(false) }),
  body: z.union([
    z.array(importRow).max(MAX_ROWS),
    strict({ contacts: z.array(importRow).max(MAX_ROWS) }),
  ]),
  rows: true,
  limitBytes: BATCH_BYTES,
  answer: answers.contactBatch,
  async handle({ deps, caller, query: { replace }, ...exchange }) {
    const rows = givenRows(exchange, 'contacts');
    const results = await takeContacts(deps, caller, rows, {
      mode: replace ? 'replace' : 'merge',
    });
    const count = (outcome: ContactRowResult['outcome']): number =>
      results.filter((result) => result.outcome === outcome).length;

    return {
      body: {
        ...batchAnswer(results.map(answerOf)),
        created: count('created'),
        updated: count('updated'),
        unchanged: count('unchanged'),
      },
    };
  },
});

/** The row was taken without the name. */
const waitingIssue = ({ name: { kind }, claimId }: NameClaim): Issue => ({
  path: kind,
  message: `a contact of another city has it: claim ${claimId} waits for somebody with rights over both`,
  value: claimId,
});

function answerOf({ row, id, ...result }: ContactRowResult): RowAnswer {
  switch (result.outcome) {
    case 'refused':
      return refusal(row, result.error, id);
    case 'repeated': {
      const message = `repeated in row ${result.by}, which counts`;
      const issue = { path: 'contactId', message };
      return { row, ...(id !== undefined && { id }), status: 'duplicate', issues: [issue] };
    }
    default: {
      const issues = result.waiting?.map(waitingIssue);
      return {
        row,
        ...(id !== undefined && { id }),
        status: 'accepted',
        ...(issues && { issues }),
      };
    }
  }
}

export const listContacts = endpoint({
  summary: [
    '客户列表（按城市或手机号，游标分页）',
    'Contacts by city, or by phone number, paged by cursor',
  ],
  query: strict({ ...pageQuery, city: id.exactOptional(), phone: phone.exactOptional() }),
  answer: answers.pageOf(answers.contact),
  async handle({ deps, caller, query: { after, limit, city, phone: number } }) {
    const { contacts: store } = deps.stores;
    const scope = scopeOf(caller, city);
    const contacts =
      number === undefined
        ? await store.page(after ?? null, limit, scope)
        : await holdersOf(deps, number, { after, limit, ...scope });
    return {
      body: page(
        contacts.map((contact) => contactView(caller, contact)),
        limit,
        (contact) => String(contact.contactId),
      ),
    };
  },
});

/** The contacts that have a number, by id, after `after`. */
async function holdersOf(
  { stores }: Pick<ApiDeps, 'stores'>,
  value: string,
  {
    after = '',
    limit,
    cities,
  }: CityScope & { readonly after?: string | undefined; readonly limit: number },
): Promise<Contact[]> {
  const ids = await stores.contacts.idsByAlias({ kind: 'phone', value });
  const found = await stores.contacts.findMany(ids.filter((each) => each > after));
  return found
    .filter(({ city }) => cities === undefined || cities.includes(city))
    .sort((a, b) => (a.contactId < b.contactId ? -1 : 1))
    .slice(0, limit);
}

export const card = endpoint({
  summary: [
    '客户卡片：画像、授权、触达、旅程、订单与最近的决策',
    'The card of one customer: facts, consents, touches, runs, orders',
  ],
  answer: z.object({
    contact: answers.contact,
    touches: z.array(z.looseObject({ touchId: z.string(), state: z.string() })),
    runs: z.array(answers.run),
    orders: z.array(answers.order),
    ledger: z.array(answers.ledgerRow),
  }),
  async handle(exchange) {
    const { deps, caller, params } = exchange;
    const contact = await visibleContact(exchange, params.contactId ?? '');
    const { contactId } = contact;
    const [runs, orders, timeline] = await Promise.all([
      deps.stores.runs.ofContact(contactId),
      deps.stores.orders.list({ contactId, limit: CARD_ROWS }),
      deps.stores.touches.timeline(contactId),
    ]);

    return {
      body: {
        contact: contactView(caller, contact),
        touches: allTouchesOf(contact),
        runs: runs.map((run) => runView(deps, run)),
        orders,
        ledger: timeline.slice(-CARD_ROWS),
      },
    };
  },
});

export const change = endpoint({
  summary: ['修改客户（null 表示删除该字段）', 'Change some fields; null removes one'],
  body: profileChange,
  rows: true,
  answer: answers.contact,
  async handle(exchange) {
    const { deps, caller, params, raw } = exchange;
    const before = await visibleContact(exchange, params.contactId ?? '');
    const { contactId } = before;
    const now = deps.clock.now();
    const { facts, ...fields } = pastClaims(changeOf(raw), now);
    const time = { asOf: formatInstant(now) };
    assertCity(caller, fields.city);
    const { waiting } = await changeFields(exchange, { ...fields, contactId });
    await tellStage(deps, before, facts?.stage);
    if (facts) await deps.stores.contacts.learn(contactId, facts, time);
    await wakeRuns(deps, contactId, 'profile');
    const changed = await deps.stores.contacts.find(contactId);

    const view = contactView(caller, changed ?? (await visibleContact(exchange, contactId)));
    return waiting.length === 0
      ? { body: view }
      : {
          status: 202,
          body: { ...view, waiting: waiting.map((claim) => claimView(caller, claim)) },
        };
  },
});

const MAX_STAGE = 120;

/** A stage that is entered by hand begins what an event of it would. Written down first, so that no crash parts the two. */
async function tellStage(
  { intake, clock }: ApiDeps,
  { contactId, facts = {} }: Contact,
  stage: unknown,
): Promise<void> {
  if (typeof stage !== 'string' || stage === '' || stage.length > MAX_STAGE) return;
  if (stage === facts.stage) return;

  const now = clock.now();
  const told = { eventId: `edit-${randomUUID()}`, contactId, occurredAt: formatInstant(now) };
  await intake.put([inboundEvent({ ...told, type: 'stage', data: { stage } }, now)]);
}

/** Names that a contact of another city has wait; all else is changed at once. */
async function changeFields(
  { deps, caller }: Pick<Exchange, 'deps' | 'caller'>,
  change: Omit<Change, 'facts' | 'contactId'> & Pick<Profile, 'contactId'>,
): Promise<{ readonly waiting: readonly NameClaim[] }> {
  const waiting = await foreignClaims(deps, caller, [change]);
  await deps.stores.nameClaims.keep(waiting);

  const { contactId, ...fields } = withoutClaimed(change, waiting);
  if (Object.keys(fields).length === 0) return { waiting };

  const at = formatInstant(deps.clock.now());
  await deps.stores.contacts.patch(
    contactId,
    fields.phone ? { ...fields, phoneClaimedAt: at } : fields,
    { asOf: at },
  );
  await joinRecognised(deps, [{ contactId, ...fields }]);
  if (fields.phone) await settleNumbers(deps, [fields.phone]);
  return { waiting };
}

type Change = { readonly [field in keyof Profile]?: Profile[field] | null };

/** The fields to set, and those given as null to remove. @throws CodedError INVALID_INPUT */
function changeOf(
  raw: Buffer,
): Omit<Change, 'facts'> & { readonly facts?: NonNullable<Profile['facts']> } {
  const given = jsonOf(raw);
  const { facts, ...fields } = parseWith(profileChange, given, '');
  const nulls = Object.entries(given as Record<string, unknown>).filter(
    ([, value]) => value === null,
  );

  for (const [field] of nulls)
    if (!REMOVABLE.has(field))
      throw new CodedError('INVALID_INPUT', `${field} cannot be removed`, [
        { path: field, message: 'cannot be removed', allowed: [...REMOVABLE].join(', ') },
      ]);

  return { ...fields, ...Object.fromEntries(nulls), ...(facts && { facts }) };
}

const KEPT = new Set(['city', 'facts', 'channels']);
const REMOVABLE: ReadonlySet<string> = new Set(
  Object.keys(profileChange.shape).filter((field) => !KEPT.has(field)),
);
