// What every store of imports promises.

import type { ImportJob, ImportStep, LeftRow } from '../../ports/imports';
import { AT, hoursAfter, type Make } from './builders';

const NOTHING = { rows: 0, taken: 0, unchanged: 0, refused: 0, skipped: 0, repeated: 0 };

const aJob = (fields: Partial<ImportJob> = {}): ImportJob => ({
  id: 'j-1',
  state: 'waiting',
  fileName: '客户.csv',
  format: 'csv',
  bytes: 10,
  digest: 'd-1',
  asked: {
    timezone: 'Asia/Shanghai',
    replace: false,
    dryRun: false,
    mapping: { 'a.b$': 'contactId' },
  },
  owner: 'key-1',
  author: 'crm',
  createdAt: AT,
  sums: NOTHING,
  ...fields,
});

const aStep = (from: number, left: readonly LeftRow[] = []): ImportStep => ({
  from,
  sums: { ...NOTHING, rows: from + 10, taken: from + 10 - left.length, refused: left.length },
  left,
});

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

export function describeImportStoreContract(name: string, make: Make): void {
  describe(`the store of imports ${name}`, () => {
    it('keeps a file in pieces until it is removed', async () => {
      const { imports } = await make();
      const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
      for (const [number, piece] of [bytes, bytes.subarray(0, 3), Uint8Array.of(0)].entries())
        await imports.keepPiece('f-1', number, piece);
      await imports.keepPiece('f-10', 0, Uint8Array.of(7));
      expect(Buffer.from((await imports.piece('f-1', 0)) ?? []).equals(bytes)).toBe(true);
      expect([...((await imports.piece('f-1', 1)) ?? [])]).toEqual([0, 1, 2]);
      expect(await imports.piece('f-1', 3)).toBeNull();
      await imports.removeFile('f-1');
      expect(await imports.piece('f-1', 0)).toBeNull();
      expect([...((await imports.piece('f-10', 0)) ?? [])]).toEqual([7]);
    });

    it('gives a job back as it was made, and lists the newest first', async () => {
      const { imports } = await make();
      const jobs = [
        aJob(),
        aJob({ id: 'j-2', owner: 'key-2', cities: ['guangzhou'] }),
        aJob({ id: 'j-3', digest: 'd-3' }),
      ];
      for (const job of jobs) await imports.create(job);
      expect(await imports.find('j-1')).toEqual(jobs[0]);
      expect(await imports.find('j-9')).toBeNull();
      const ids = async (asked: object): Promise<string[]> =>
        (await imports.list({ limit: 10, ...asked })).map(({ id }) => id);
      expect(await ids({})).toEqual(['j-3', 'j-2', 'j-1']);
      expect(await ids({ limit: 1, after: 'j-3' })).toEqual(['j-2']);
      expect(await ids({ owner: 'key-1', digest: 'd-1' })).toEqual(['j-1']);
      await imports.end('j-2', 'cancelled', AT);
      expect((await imports.open(10)).map(({ id }) => id)).toEqual(['j-1', 'j-3']);
    });

    it('adds each step once, whoever makes it', async () => {
      const { imports } = await make();
      await imports.create(aJob());
      expect(await imports.advance('j-1', aStep(0))).toBe(false); // it does not run yet
      expect(await imports.note('j-1', { state: 'running', startedAt: AT, total: 20 })).toBe(true);

      const left = [
        { row: 3, line: 5, cells: ['x', '1'], faults: [{ kind: 'stray-quote' }] },
      ] as const;
      const rivals = await Promise.all(
        Array.from({ length: 8 }, () => imports.advance('j-1', aStep(0, left))),
      );
      expect(rivals.filter(Boolean)).toHaveLength(1);
      const repeat = { row: 12, line: 14, contactId: 'c-1', countingLine: 19 };
      expect(await imports.advance('j-1', aStep(10, [repeat]))).toBe(true);
      expect(await imports.find('j-1')).toMatchObject({ total: 20, sums: { rows: 20 } });
      expect(await all(imports.left('j-1', 'refused'))).toEqual(left);
      expect(await all(imports.left('j-1', 'repeated'))).toEqual([repeat]);
    });

    it('ends a job once, and nothing moves it then', async () => {
      const { imports } = await make();
      await imports.create(aJob({ state: 'running' }));
      const problem = { message: 'no', issues: [{ path: 'file', message: 'no' }] };
      expect(await imports.end('j-1', 'failed', AT, problem)).toBe(true);
      expect(await imports.end('j-1', 'cancelled', AT)).toBe(false);
      expect(await imports.advance('j-1', aStep(0))).toBe(false);
      expect(await imports.note('j-1', { total: 3 })).toBe(false);
      expect(await imports.find('j-1')).toMatchObject({ state: 'failed', endedAt: AT, problem });
    });

    it('forgets what ended long ago', async () => {
      const { imports } = await make();
      for (const id of ['j-1', 'j-2', 'j-3']) {
        await imports.create(aJob({ id, state: 'running' }));
        await imports.advance(id, aStep(0, [{ row: 1, line: 2 }]));
      }
      await imports.create(aJob({ id: 'j-0', state: 'uploading' }));
      expect((await imports.open(9)).map(({ id }) => id)).toEqual(['j-1', 'j-2', 'j-3']);
      await imports.end('j-1', 'done', AT);
      await imports.end('j-2', 'done', hoursAfter(2));
      expect(await imports.removeBefore(hoursAfter(1))).toBe(2);
      expect((await imports.list({ limit: 9 })).map(({ id }) => id)).toEqual(['j-3', 'j-2']);
      expect(await all(imports.left('j-1', 'refused'))).toEqual([]);
      expect(await all(imports.left('j-2', 'refused'))).toHaveLength(1);
    });
  });
}
