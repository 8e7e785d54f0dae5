import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createMemoryStores } from '../../models/memory/stores';
import type { SealStore } from '../../ports/seals';
import { beginSealing } from '../../rules/ledger/seal/seal';
import { aPassed } from '../../test/fakes/ledger';
import { createSealFile } from './sealFile';

const hour = (n: number) => `2026-03-02T${String(n).padStart(2, '0')}:00:00.000Z`;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-file-test-'));
  file = join(folder, 'out', 'seals.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function sealHour(seals: SealStore, n: number, rows = 2, city = 'yunfu'): Promise<void> {
  const sealing = beginSealing(hour(n), {
    previous: (await seals.latest())?.seal ?? '',
    key: undefined,
  });
  const attempt = { hour: hour(n), name: 'try' };
  const lines = Array.from({ length: rows }, (_, i) =>
    sealing.add(aPassed(`t-${n}-${i}`, hour(n), { city })),
  );
  await seals.keep(attempt, 0, lines);
  await seals.commit(sealing.close(hour(n + 1)).seal, attempt, 1);
}

async function linesOf(seals: SealStore): Promise<string> {
  let text = '';
  for await (const line of seals.export()) text += `${JSON.stringify(line)}\n`;
  return text;
}
const read = () => readFileSync(file, 'utf8');

describe('the file of seals', () => {
  it('takes the hours that it lacks, each once, and is readable by its owner alone', async () => {
    const { seals } = createMemoryStores();
    const archive = createSealFile(file);
    expect(await archive.takeFrom(seals)).toBeNull();
    await sealHour(seals, 1);
    expect(await archive.takeFrom(seals)).toBe(hour(1));
    await sealHour(seals, 2, 2_000);
    await sealHour(seals, 3, 0);
    expect(await archive.takeFrom(seals)).toBe(hour(3));
    expect(await archive.takeFrom(seals)).toBe(hour(3));
    expect(read()).toBe(await linesOf(seals));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('writes an hour again whose end a crash has cut off, wherever that was', async () => {
    const { seals } = createMemoryStores();
    await sealHour(seals, 1);
    await sealHour(seals, 2, 100);
    const archive = createSealFile(file);
    await archive.takeFrom(seals);
    const whole = read();

    for (const cut of [...Array(60).keys(), 400, 2_000, 12_000, whole.length - 1]) {
      const length = whole.length - 1 - cut;
      truncateSync(file, length);
      expect(await archive.takeFrom(seals)).toBe(hour(2));
      expect(read()).toBe(whole);
    }
    appendFileSync(file, '{"kind":"row","ho');
    await archive.takeFrom(seals);
    expect(read()).toBe(whole);
  });

  it('leaves a file alone that holds something else', async () => {
    const { seals } = createMemoryStores();
    await sealHour(seals, 1);
    mkdirSync(dirname(file), { recursive: true });

    for (const foreign of ['contactId,city\nc-1,yunfu\n', '{"contactId":"c-1"}\n', 'x']) {
      writeFileSync(file, foreign);
      await expect(createSealFile(file).takeFrom(seals)).rejects.toThrow('nothing is written');
      expect(read()).toBe(foreign);
    }
  });

  it('does not follow a database whose seals have become others', async () => {
    const { seals } = createMemoryStores();
    await sealHour(seals, 1);
    await createSealFile(file).takeFrom(seals);
    const before = read();

    const { seals: others } = createMemoryStores();
    await sealHour(others, 1, 2, 'maoming');
    await sealHour(others, 2);
    await expect(createSealFile(file).takeFrom(others)).rejects.toThrow('nothing is added');
    expect(read()).toBe(before);
  });
});
