import { approve, newLife } from '../../rules/calendar/lifeChanges';
import type { CalendarPlan } from '../../rules/calendar/plan';
import { createFakeApi } from '../../test/fakes/api';
import { publishText } from '../../test/fakes/texts';
import { ROUTES } from '../routes';

const AT = '2026-01-01T00:00:00.000Z';
const PATH = '/api/v1/calendars/month-cycle/versions/1:preview';
const TODAY = { from: '2026-03-02', to: '2026-03-02' };
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const aPlan = (id: string, cities?: readonly string[]): CalendarPlan => ({
  ...{ id, version: 1, timezone: 'Asia/Shanghai', ...(cities && { cities }) },
  slots: [
    {
      ...{ id: 'offer', anchor: { kind: 'weekly', weekdays: WEEKDAYS }, at: '11:00' },
      touch: { channel: 'wecom', class: 'marketing', template: 't-1' },
    },
  ],
});

const aContact = (contactId: string, city: string, isFriend: boolean) => ({
  ...{ contactId, city },
  channels: { wecom: { reachable: isFriend } },
  relations: isFriend
    ? [{ staffId: 's-1', externalUserId: contactId, state: 'friend' as const, addedAt: AT }]
    : [],
});

async function withCalendar(cities?: readonly string[]) {
  const api = await createFakeApi();
  const { stores, call } = api;
  await publishText(api);
  await stores.policies.draft('default', POLICY, 'ann', AT);
  await stores.policies.publish('default', 1, 'ann', AT);
  await stores.calendars.draft('month-cycle', aPlan('month-cycle', cities), 'ann', AT);
  await stores.contacts.upsertMany([
    ...[aContact('c-1', 'guangzhou', true), aContact('c-2', 'guangzhou', false)],
    aContact('c-3', 'yunfu', true),
  ]);

  const show = (id: string, key?: string) => call('get', `/api/v1/previews/${id}`, undefined, key);
  return {
    ...{ ...api, show },
    begin: (body: object = TODAY, key?: string) => call('post', PATH, body, key),
    touches: (id: string, query = '', key?: string) =>
      call('get', `/api/v1/previews/${id}/touches${query}`, undefined, key),
    async ended(id: string) {
      for (;;) {
        const { body } = await show(id);
        if (body.state !== 'running') return body;
      }
    },
    /** The next preview stands still before it reads its first contact, until it is let go. */
    heldUp() {
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const page = stores.contacts.page.bind(stores.contacts);
      jest.spyOn(stores.contacts, 'page').mockImplementationOnce(async (...asked) => {
        await held;
        return page(...asked);
      });
      return letGo;
    },
  };
}

const POLICY = { id: 'default', version: 1, timezone: 'Asia/Shanghai' };

const idsOf = (body: { items: { contactId: string }[] }) =>
  body.items.map(({ contactId }) => contactId).sort();

describe('a preview over the API', () => {
  it('is begun, is followed to its end, and says its numbers in both languages', async () => {
    const { begin, ended } = await withCalendar();
    const { status, body, headers } = await begin();
    expect([status, headers.location]).toEqual([202, `/api/v1/previews/${body.id}`]);
    expect(body).toMatchObject({
      calendarId: 'month-cycle',
      version: 1,
      author: 'admin',
      ...TODAY,
    });

    const done = await ended(body.id);
    const route = ROUTES.find(({ path }) => path === '/api/v1/previews/{id}');
    expect(route?.endpoint.answer?.safeParse(done).success).toBe(true);
    expect(done).toMatchObject({
      state: 'done',
      progress: { read: 3, contacts: 3, waves: 1, ofWaves: 1 },
      report: {
        ...{ contacts: 3, occurrences: 3, passed: 2, suppressed: 1 },
        staff: [{ staffId: 's-1', date: '2026-03-02', confirmations: 2 }],
        reasons: [{ reason: 'unreachable', count: 1, words: { en: expect.any(String) } }],
      },
    });
    expect(done.report.words['zh-CN']).toContain('3 位客户 3 次触达计划：2 次可触达');
    expect(done.report.words.en).toContain('2 pass');
  });

  it('sends nothing and keeps nothing', async () => {
    const { begin, ended, stores } = await withCalendar();
    await ended((await begin()).body.id);
    expect(await stores.waves.list({ limit: 10 })).toEqual([]);
    for await (const row of stores.touches.export()) throw new Error(JSON.stringify(row));
  });

  it('is of this and the next 30 days when nobody says, and of 93 at most', async () => {
    const { begin, ended } = await withCalendar();
    const { body } = await begin({});
    expect(body).toMatchObject({ from: '2026-03-02', to: '2026-04-01' });
    await ended(body.id);

    const wrong = async (asked: object) => {
      const { status, body: problem } = await begin(asked);
      const [{ path, allowed } = {} as never] = problem.issues;
      return [status, path, allowed];
    };
    const reach = '2026-03-02 to 2026-06-02: 1 to 93 days';
    expect(await wrong({ from: '2026-03-02', to: '2026-03-01' })).toEqual([422, 'to', reach]);
    expect(await wrong({ from: '2026-03-02', to: '2026-06-03' })).toEqual([422, 'to', reach]);
    expect((await wrong({ from: '2026-02-30' })).slice(0, 2)).toEqual([422, 'from']);
    expect((await wrong({ form: '2026-03-02' })).slice(0, 2)).toEqual([422, 'form']);
  });

  it('of a calendar or a version that is not there is refused by its name', async () => {
    const { call } = await withCalendar();
    const asked = async (ref: string) => {
      const { status, body } = await call('post', `/api/v1/calendars/${ref}:preview`, {});
      return [status, body.detail];
    };
    expect(await asked('month/versions/1')).toEqual([404, 'calendar month does not exist']);
    expect(await asked('month-cycle/versions/2')).toEqual([
      ...[404, 'calendar month-cycle@2 does not exist'],
    ]);
    expect((await asked('month-cycle/versions/one'))[0]).toBe(422);
  });

  it('shows how far it is; another one waits for its turn, or for its end by hand', async () => {
    const { begin, show, call, heldUp, ended } = await withCalendar();
    const letGo = heldUp();
    const { id } = (await begin()).body;
    expect((await show(id)).body).toMatchObject({ state: 'running', progress: { read: 0 } });
    expect(await begin()).toMatchObject({
      status: 409,
      body: { detail: `preview ${id} is running: one at a time; wait for it or cancel it` },
    });

    const { body } = await call('post', `/api/v1/previews/${id}:cancel`);
    expect(body.state).toBe('cancelled');
    letGo();
    for (let next = await begin(); ; next = await begin()) {
      if (next.status === 409) continue; // the one that was cancelled has not noticed yet
      expect((await ended(next.body.id)).state).toBe('done');
      break;
    }
    expect((await show(id)).body).not.toHaveProperty('report');
    const { body: list } = await call('get', '/api/v1/previews');
    expect(list.items.map(({ state }: { state: string }) => state)).toEqual(['done', 'cancelled']);
  });

  it('says of single contacts what would become of them', async () => {
    const { begin, ended, touches } = await withCalendar();
    const { id } = await ended((await begin()).body.id);
    const of = async (query: string) => idsOf((await touches(id, query)).body);
    expect(await of('')).toEqual(['c-1', 'c-2', 'c-3']);
    expect(await of('?outcome=passed')).toEqual(['c-1', 'c-3']);
    expect(await of('?slotId=other')).toEqual([]);
    expect(await of('?contactId=c-2')).toEqual(['c-2']);
    expect(await of('?offset=1&limit=1')).toHaveLength(1);
    expect((await touches(id, '?outcome=sent')).status).toBe(422);
    expect((await touches('nothing')).status).toBe(404);
  });
});

describe('a key of some cities', () => {
  it('previews a calendar that reaches no other city', async () => {
    const everywhere = await withCalendar();
    const own = await everywhere.keyFor('designer', ['guangzhou']);
    expect((await everywhere.begin(TODAY, own)).status).toBe(403);

    const { begin, keyFor } = await withCalendar(['guangzhou']);
    expect((await begin(TODAY, await keyFor('designer', ['yunfu']))).status).toBe(404);
    expect((await begin(TODAY, await keyFor('designer', ['guangzhou']))).status).toBe(202);
  });

  it('neither sees nor ends a preview of other cities', async () => {
    const { begin, ended, show, touches, call, keyFor } = await withCalendar(['guangzhou']);
    const { id } = await ended((await begin()).body.id);
    const seen = async (key: string) => {
      const { body } = await call('get', '/api/v1/previews', undefined, key);
      const cancelled = await call('post', `/api/v1/previews/${id}:cancel`, {}, key);
      const found = [await show(id, key), await touches(id, '', key), cancelled];
      return [...found.map(({ status }) => status), body.items.length];
    };
    expect(await seen(await keyFor('ops', ['yunfu']))).toEqual([404, 404, 404, 0]);
    expect(await seen(await keyFor('ops', ['guangzhou', 'yunfu']))).toEqual([200, 200, 200, 1]);
  });

  it('sees none of the contacts of other cities, whom calendars beside its own reach', async () => {
    const { begin, ended, touches, stores, keyFor } = await withCalendar(['guangzhou']);
    await stores.calendars.draft('festival', aPlan('festival'), 'ann', AT);
    const approval = { version: 1, author: 'ann', approvedBy: 'bob', at: AT, from: AT };
    await stores.calendarLives.keep(approve(newLife('festival'), approval));

    const { id } = await ended((await begin()).body.id);
    const own = await keyFor('designer', ['guangzhou']);
    expect(new Set(idsOf((await touches(id, '', own)).body))).toEqual(new Set(['c-1', 'c-2']));
    expect(idsOf((await touches(id)).body)).toContain('c-3');
  });
});
