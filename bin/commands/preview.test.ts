import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Role } from '../../ports/auth';
import { createFakeApi } from '../../test/fakes/api';
import { publishText } from '../../test/fakes/texts';
import { findRemote } from '../remote';
import { runPreview } from './preview';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A slot on every day of the week, at ten; the API's clock says 2 March 2026, ten o'clock. */
const aSlot = (at: string) => ({
  ...{ id: 'balance', at },
  anchor: { kind: 'weekly', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
  touch: { channel: 'wecom', class: 'marketing', template: 't-1' },
});
const DATES = ['--from', '2026-03-03', '--to', '2026-03-04'];

interface Given {
  readonly role?: Role;
  readonly cities?: readonly string[];
}

async function commandLine({ role = 'designer', cities }: Given = {}) {
  const api = await createFakeApi();
  await publishText(api);
  await api.call('post', '/api/v1/policies', { id: 'default', body: { timezone: 'UTC' } });
  await api.call('post', '/api/v1/policies/default/versions/1:publish');
  for (const at of ['10:00', '11:00']) {
    const body = { timezone: 'UTC', cities: ['guangzhou'], slots: [aSlot(at)] };
    await api.call('post', '/api/v1/calendars', { id: 'month', body });
  }
  await api.stores.contacts.upsertMany([
    { contactId: 'c-1', city: 'guangzhou' },
    { contactId: 'c-2', city: 'guangzhou' },
  ]);
  const friend = { staffId: 's-1', externalUserId: 'wm-1', addedAt: '2026-01-01T00:00:00Z' };
  await api.stores.contacts.relate('c-1', { ...friend, state: 'friend' });

  const server = api.app.listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = (await api.keyFor(role, cities)).slice('Bearer '.length);

  return {
    ...api,
    async preview(args: readonly string[], pause: () => Promise<unknown> = () => turn()) {
      const said = { out: '', progress: '' };
      const status = await runPreview(args, {
        remote: () => findRemote({ SOPFLOW_URL: url, SOPFLOW_KEY: key }),
        output: { write: (text) => (said.out += text) },
        progress: { write: (text) => (said.progress += text) },
        pause,
      });
      return { status, ...said };
    },
  };
}

describe('sopflow preview', () => {
  it('says in both languages what would become of everybody, by day and by reason', async () => {
    const { preview } = await commandLine();
    const { status, out } = await preview(['month', ...DATES]);

    expect(status).toBe(0);
    expect(out).toContain('2 位客户 4 次触达计划：2 次可触达');
    expect(out).toContain('4 occurrences for 2 contacts: 2 pass');
    expect(out).toContain('2026-03-03: 2 → 1, 待员工确认 to confirm 1 (11h 2)');
    expect(out).toContain('2026-03-04 s-1: 1');
    expect(out).toMatch(/2 不触达 suppressed: .+ · .+/);
  });

  it('tells how far it is while it goes on', async () => {
    const { preview } = await commandLine();
    const { progress } = await preview(['month', ...DATES]);
    expect(progress.trim().split('\n').at(-1)).toBe(
      '已读 read 2, 参与 taking part 2, 波次 waves 2/2',
    );
  });

  it('means the newest version, or the one that is named', async () => {
    const { preview } = await commandLine();
    expect((await preview(['month', ...DATES])).out).toContain('11h 2');
    expect((await preview(['month@1', ...DATES])).out).toContain('10h 2');
  });

  it('prints the whole report as JSON when asked', async () => {
    const { preview } = await commandLine();
    const { out } = await preview(['month', ...DATES, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      ...{ contacts: 2, occurrences: 4, passed: 2, suppressed: 2 },
      words: { en: expect.stringContaining('4 occurrences') },
    });
  });

  it('fails when somebody cancels it, and says so', async () => {
    const api = await commandLine();
    const cancelled = await api.preview(['month', ...DATES], async () => {
      for (const { id } of api.deps.previews.list()) api.deps.previews.cancel(id);
      await turn();
    });
    expect(cancelled).toMatchObject({ status: 1, out: '' });
    expect(cancelled.progress).toContain('预演 preview cancelled');
  });

  it.each([
    ['nobody', 'calendar nobody does not exist'],
    ['month@9', 'month@9'],
    ['month@0', 'month@0'],
  ])('names the calendar %s that there is not', async (ref, words) => {
    const { preview } = await commandLine();
    await expect(preview([ref, ...DATES])).rejects.toThrow(words);
  });

  it('says which dates are allowed', async () => {
    const { preview } = await commandLine();
    const from = ['month', '--from', '2026-03-09'];
    await expect(preview([...from, '--to', '2026-03-01'])).rejects.toThrow(
      'to: 2026-03-01 is not allowed; allowed: 2026-03-09 to 2026-06-09: 1 to 93 days',
    );
    await expect(preview(['month', '--from', '2026-02-30'])).rejects.toThrow(/from.*2026-02-30/);
  });

  it('shows nobody the calendar of other cities', async () => {
    const own = await commandLine({ cities: ['guangzhou'] });
    expect((await own.preview(['month', ...DATES])).status).toBe(0);

    const other = await commandLine({ cities: ['yunfu'] });
    await expect(other.preview(['month', ...DATES])).rejects.toThrow('404');
    const viewer = await commandLine({ role: 'viewer' });
    await expect(viewer.preview(['month', ...DATES])).rejects.toThrow('403');
  });

  it.each([
    [[], '<calendar[@version]>'],
    [[''], 'no calendar'],
    [['month', 'festival'], 'unknown word: "festival"'],
    [['month', '--until', '2026-03-03'], '--until'],
    [['month', '--from'], '--from'],
  ])('refuses %j as no use of the command', async (args, words) => {
    const { preview } = await commandLine();
    await expect(preview(args)).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(words) }),
    );
  });
});
