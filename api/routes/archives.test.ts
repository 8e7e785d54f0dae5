import { createMerkleTree } from '../../rules/ledger/seal/merkle';
import { DAY_MS } from '../../rules/time/durations';
import { createFakeApi } from '../../test/fakes/api';
import { archive, archiveDeps, hour } from '../../test/fakes/archiving';
import { aProvedLedger, KEYS, PEOPLE } from '../../test/fakes/provedLedger';
import { NOON } from '../../test/fakes/touchScenario';

/** The API of a deployment whose ledger is a month old. */
async function anOldLedger() {
  const api = await createFakeApi({}, undefined, KEYS);
  const { rows } = await aProvedLedger(api.stores);
  api.time.now = NOON + 30 * DAY_MS;
  return { api, rows };
}

const at = (until: string) => `/api/v1/archives/${encodeURIComponent(until)}`;

async function fileOf({ call }: Awaited<ReturnType<typeof createFakeApi>>, until: string) {
  const lines = (await call('get', `${at(until)}:export`)).text.trimEnd().split('\n');
  const tree = createMerkleTree();
  for (const line of lines) tree.add(line);
  return { file: tree.root(), seal: JSON.parse(lines.at(-1) ?? '{}').seal as string };
}

describe('an archive of the ledger', () => {
  it('is planned, written, confirmed for a reason, and removed', async () => {
    const { api, rows } = await anOldLedger();
    const before = hour(5);
    const gone = rows.filter((row) => row.at < before).length;
    const planned = await api.call('post', '/api/v1/ledger:archive', { before });
    expect(planned.body).toMatchObject({ until: before, rows: gone, holds: [] });

    const written = await fileOf(api, before);
    const confirm = { ...written, reason: 'half a year is over' };
    const confirmed = await api.call('post', '/api/v1/ledger:archive', { before, confirm });
    expect(confirmed).toMatchObject({
      status: 202,
      body: { by: 'admin', reason: 'half a year is over', state: 'removing', rows: gone },
    });
    expect((await api.call('get', `${at(before)}:export`)).status).toBe(409);

    expect((await api.call('post', `${at(before)}:remove`)).body).toMatchObject({
      ...{ removed: gone, archive: { state: 'removed' } },
    });
    expect((await api.call('get', at(before))).body).toMatchObject({ number: 1, until: before });
    expect((await api.call('get', '/api/v1/archives')).body.items).toHaveLength(1);
  });

  it('is refused for another file, for hours that cannot be archived, and without a reason', async () => {
    const { api } = await anOldLedger();
    const before = hour(5);
    const written = await fileOf(api, before);
    const ask = async (confirm: object) =>
      (await api.call('post', '/api/v1/ledger:archive', { before, confirm })).status;
    expect(await ask({ ...written, file: 'other', reason: 'x' })).toBe(409);
    expect(await ask({ ...written, seal: 'other', reason: 'x' })).toBe(409);
    expect(await ask(written)).toBe(422);
    expect((await api.call('get', `${at(hour(40))}:export`)).status).toBe(409);
    expect((await api.call('get', `${at('yesterday')}:export`)).status).toBe(422);
    expect((await api.call('get', at(before))).status).toBe(404);
    expect((await api.call('post', `${at(before)}:remove`)).status).toBe(404);
  });

  it('is for administrators', async () => {
    const { api } = await anOldLedger();
    const ops = await api.keyFor('ops');
    for (const [method, path] of [
      ['post', '/api/v1/ledger:archive'],
      ['get', '/api/v1/archives'],
      ['get', `${at(hour(5))}:export`],
      ['post', `${at(hour(5))}:remove`],
    ] as const)
      expect((await api.call(method, path, undefined, ops)).status).toBe(403);
  });

  it('is told to whoever asks the ledger for the time before it, and to nobody else', async () => {
    const { api } = await anOldLedger();
    await archive(archiveDeps(api.stores), hour(5));
    const archivedOf = async (path: string) =>
      (await api.call('get', path)).body.archivedUntil as string | undefined;
    const { busy } = PEOPLE;

    expect(await archivedOf(`/api/v1/contacts/${busy}/decisions`)).toBe(hour(5));
    expect(await archivedOf(`/api/v1/contacts/${busy}/decisions?from=${hour(5)}`)).toBeUndefined();
    const person = (await api.call('get', `/api/v1/contacts/${busy}:export`)).body;
    expect(person).toMatchObject({ archivedUntil: hour(5), archivedAs: KEYS.subjectOf?.(busy) });

    await api.stores.contacts.upsertMany([{ contactId: 'c-new', city: 'yunfu' }]);
    expect(await archivedOf('/api/v1/contacts/c-new/decisions')).toBeUndefined();

    const holdout = (from: string) => archivedOf(`/api/v1/holdout?from=${from}&to=${hour(90)}`);
    expect([await holdout(hour(4)), await holdout(hour(5))]).toEqual([hour(5), undefined]);
  });
});
