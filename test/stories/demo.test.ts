// The demo as `npm start` loads it, over the whole API with stores in memory.

import type { AddressInfo } from 'node:net';
import { readyCalendar } from '../../embedded/readyCalendar';
import { readySequences } from '../../embedded/readySequences';
import { readyTriggers } from '../../embedded/readyTriggers';
import { chineseHolidays } from '../../models/chineseHolidays';
import { loadDemo } from '../../sandbox/load';
import { trial } from '../../sandbox/trial';
import { createFakeApi, NOW } from '../fakes/api';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function aDemo() {
  const api = await createFakeApi();
  const { sandbox } = trial();
  const server = api.app.listen(0);
  closing.push(
    () => sandbox.close(),
    () => new Promise((resolve) => server.close(resolve)),
  );

  const [, key = ''] = (await api.keyFor('admin')).split(' ');
  await loadDemo({
    ...{ apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key },
    ...{ sandboxUrl: await sandbox.listen(0), holidays: chineseHolidays() },
    ...{ calendar: readyCalendar(), sequences: readySequences(), triggers: readyTriggers() },
    ...{ log: () => undefined, now: () => NOW },
  });
  return api;
}

it('has the ready calendar in force, drafted by one and approved by another', async () => {
  const api = await aDemo();
  const { body } = await api.call('get', '/api/v1/calendars/month-start');
  expect(body).toMatchObject({
    state: 'active',
    takeovers: [{ version: 1, approvedBy: 'admin', author: expect.stringContaining('designer') }],
  });
  expect(api.engine.changedCalendars).toContain('month-start');

  const checked = await api.call('post', '/api/v1/calendars/month-start/versions/1:validate');
  expect(checked.body).toMatchObject({ errors: [] });
}, 60_000);

it('has the ready sequences in force, with all that they say and lead to', async () => {
  const api = await aDemo();
  const { body } = await api.call('get', '/api/v1/sequences');
  const states = body.items.map(({ id, state }: { id: string; state: string }) => [id, state]);
  expect(states).toEqual([
    ['birthday-week', 'published'],
    ['contract-ends', 'published'],
    ['new-friend', 'published'],
    ['silent-customer', 'published'],
  ]);
}, 60_000);

it('has the ready triggers enabled, each back-tested before', async () => {
  const api = await aDemo();
  const { body } = await api.call('get', '/api/v1/triggers');
  const states = body.items.map(({ id, enabled }: { id: string; enabled: number }) => [
    id,
    enabled,
  ]);
  expect(states).toEqual([
    ['overage', 1],
    ['saturation', 1],
  ]);
}, 60_000);
