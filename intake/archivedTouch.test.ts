import type { SystemCallback } from '../ports/callbacks';
import { DAY_MS } from '../rules/time/durations';
import { createFakeApi } from '../test/fakes/api';
import { archive, archiveDeps, hour } from '../test/fakes/archiving';
import { aPassed } from '../test/fakes/ledger';
import { aProvedLedger, KEYS, PEOPLE } from '../test/fakes/provedLedger';
import { NOON } from '../test/fakes/touchScenario';
import { reserveOne } from '../test/support/singles';
import { inboundSystem } from './inbound';

const { busy } = PEOPLE;
const TOUCH = `followUp/${busy}/e/first`;

/** A touch of a month ago: its rows are archived, and its contact has been touched since. */
async function anArchivedTouch() {
  const api = await createFakeApi({}, undefined, KEYS);
  const { stores } = api;
  await aProvedLedger(stores);
  api.time.now = NOON + 30 * DAY_MS;
  await archive(archiveDeps(stores), hour(5));
  await touched(api, `followUp/${busy}/later/first`);
  return api;
}

type Api = Awaited<ReturnType<typeof anArchivedTouch>>;

async function touched({ stores, time }: Api, touchId: string): Promise<void> {
  const at = new Date(time.now).toISOString();
  const contact = await stores.contacts.find(busy);
  if (!contact) throw new Error('no contact');
  const row = { ...aPassed(touchId, at, { contactId: busy }), revision: contact.revision + 1 };
  await reserveOne(stores.touches, contact, row, at);
}

const receipt = (clientMessageId: string): SystemCallback => ({
  ...{ system: 'sms', type: 'receipt', id: 'r-1', clientMessageId },
  ...{ messageId: 'm-1', status: 'delivered', at: new Date(NOON).toISOString() },
});

async function heard(api: Api, callback: SystemCallback) {
  const { key } = inboundSystem(callback, api.time.now);
  await api.processor.put([inboundSystem(callback, api.time.now)]);
  await api.process();
  return await api.stores.inbox.find(key);
}

describe('what is heard of a touch whose rows are archived', () => {
  it('is kept as discarded, with its reason, and asks nobody', async () => {
    const api = await anArchivedTouch();
    const before = await api.stores.touches.totals();
    expect(await heard(api, receipt(TOUCH))).toMatchObject({
      state: 'discarded',
      history: [{ did: 'discarded', by: 'sopflow', why: expect.stringContaining('archived') }],
    });
    expect(await api.stores.inbox.count('parked')).toBe(0);
    expect(await api.stores.touches.totals()).toEqual(before);
  });

  it('is so, too, once the record of its delivery is gone', async () => {
    const api = await anArchivedTouch();
    await api.stores.deliveries.removeBefore(api.time.now, 100);
    expect(await heard(api, receipt(TOUCH))).toMatchObject({ state: 'discarded' });
  });

  it('counts as ever while its contact still has it', async () => {
    const api = await createFakeApi({}, undefined, KEYS);
    await aProvedLedger(api.stores);
    api.time.now = NOON + 30 * DAY_MS;
    await archive(archiveDeps(api.stores), hour(5));
    expect(await heard(api, receipt(TOUCH))).toMatchObject({ state: 'done' });
  });

  it('is told from what nobody ever reserved, which a person has to look at', async () => {
    const api = await anArchivedTouch();
    expect(await heard(api, receipt('followUp/c-none/e/first'))).toMatchObject({ state: 'parked' });
  });
});
