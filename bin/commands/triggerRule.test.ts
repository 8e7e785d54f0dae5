import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../embedded/usage';
import { OVERAGE } from '../../test/fakes/triggers';
import { aWorld } from '../../test/fakes/world';
import { findRemote } from '../remote';
import { runTriggerRule } from './triggerRule';

let folder: string;
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trigger-rule-'));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function aCity() {
  const world = await aWorld();
  const texts = { wecom: '{{productName}}', sms: '{{productName}}，回复1办理。拒收请回复R' };
  const at = '2026-01-01T00:00:00.000Z';
  await world.stores.templates.draft('overage-offer', { class: 'marketing', texts }, 'x', at);
  await world.stores.templates.publish('overage-offer', 1, 'x', at);
  const policy = { id: 'default', version: 1, timezone: 'Asia/Shanghai' };
  await world.stores.policies.draft('default', policy, 'x', at);
  await world.stores.policies.publish('default', 1, 'x', at);

  server = world.app.listen(0);
  const { port } = server.address() as AddressInfo;
  const key = (await world.keyFor('city', ['guangzhou'])).replace('Bearer ', '');
  const environment = { SOPFLOW_URL: `http://127.0.0.1:${port}`, SOPFLOW_KEY: key };
  const run = async (...args: string[]) => {
    const said = { output: '', progress: '' };
    const status = await runTriggerRule(args, {
      remote: () => findRemote(environment),
      output: { write: (more) => (said.output += more) },
      progress: { write: (more) => (said.progress += more) },
      pause: async () => {},
    });
    return { status, ...said };
  };
  const file = (body: object): string => {
    const path = join(folder, 'trigger.json');
    writeFileSync(
      path,
      JSON.stringify({ id: 'gz', body: { ...OVERAGE, city: 'guangzhou', ...body } }),
    );
    return path;
  };
  return { ...world, run, file };
}

test('a trigger goes from a file to what fires, and off again', async () => {
  const city = await aCity();
  const drafted = await city.run('import', city.file({ priority: 5 }));
  expect(drafted).toMatchObject({ status: 0, output: expect.stringContaining('drafted: gz@1') });
  expect(drafted.output).toContain('On a usage event of a customer of guangzhou');

  const early = await city.run('enable', 'gz@1');
  expect(early).toMatchObject({ status: 2, progress: expect.stringContaining('not back-tested') });

  await city.event('usage', { dataUsedPct: 120 });
  const played = await city.run('backtest', 'gz@1', '--days', '7');
  expect(played.output).toContain('事件 events: 1\n2026-03-02  fired 1  |  管控 gate:');

  expect(await city.run('enable', 'gz@1')).toMatchObject({
    status: 0,
    output: 'gz: 已启用 enabled\n',
  });
  const off = await city.run('disable', 'gz', '--reason', 'complaints');
  expect(off).toMatchObject({ status: 0, output: 'gz: 已停用 disabled\n' });
});

test('faults that keep it from being enabled are said with their places', async () => {
  const city = await aCity();
  const { status, output } = await city.run('import', city.file({ journey: 'overrage' }));
  expect(status).toBe(1);
  expect(output).toContain('error journey: ');
  expect(output).toContain('did you mean "overage"');
});

test('what is refused, unreadable or mistyped does nothing and says what is allowed', async () => {
  const city = await aCity();
  const refused = await city.run('import', city.file({ cooldown: 3 }));
  expect(refused).toMatchObject({ status: 2, progress: expect.stringContaining('body.cooldown') });
  writeFileSync(join(folder, 'bad.json'), '{');
  const unreadable = await city.run('import', join(folder, 'bad.json'));
  expect(unreadable.progress).toContain('is not JSON');
  expect((await city.run('enable', 'gz')).progress).toContain('<id>@<version>');
  await expect(city.run('start', 'gz')).rejects.toThrow(UsageError);
});
