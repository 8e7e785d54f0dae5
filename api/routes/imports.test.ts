import request from 'supertest';
import { createImportRunner } from '../../intake/imports/runner';
import { createRowFiles } from '../../integrations/files/rowFiles';
import { createFakeApi, NOW } from '../../test/fakes/api';
import { workbookOf } from '../../test/support/workbook';
import * as imports from './imports';

async function importApi() {
  const api = await createFakeApi();
  const runner = createImportRunner({
    ...api.deps,
    files: createRowFiles(),
    isOurs: () => true,
    keptDays: 30,
    wait: api.waits.wait,
  });
  const post = async (content: string | Buffer, query: object = {}, authorization?: string) =>
    await request(api.app)
      .post('/api/v1/imports')
      .query({ name: 'a.csv', ...query })
      .set('Authorization', authorization ?? (await api.keyFor('admin')))
      .set('Content-Type', 'application/octet-stream')
      .send(Buffer.from(content));
  const show = async (id: string) => (await api.call('get', `/api/v1/imports/${id}`)).body;
  const csv = async (id: string, what = 'refused'): Promise<string> =>
    (await api.call('get', `/api/v1/imports/${id}/${what}`)).text;

  /** Uploads a file and reads it to its end. */
  async function importing(content: string | Buffer, query?: object, authorization?: string) {
    const { body } = await post(content, query, authorization);
    await runner.run();
    return await show(body.id);
  }

  const contact = (id: string) => api.stores.contacts.find(id);
  return { ...api, runner, post, show, csv, importing, contact };
}

const KNOWN = {
  contactId: 'c-1',
  city: 'guangzhou',
  name: '客户',
  phone: '+8613800000001',
  timezone: 'Asia/Urumqi',
  billDay: 15,
  plan: { id: 'plan-59', fee: 59 },
};

describe('an import of a file', () => {
  it('answers at once with a job, and shows its progress and sums when it is read', async () => {
    const api = await importApi();
    const answer = await api.post('contactId,city\nc-1,guangzhou\n\nc-2,foshan\nc/3,foshan\n');
    expect(answer.status).toBe(202);
    expect(answer.headers.location).toBe(`/api/v1/imports/${answer.body.id}`);
    expect(imports.upload.answer?.safeParse(answer.body).success).toBe(true);
    expect(answer.body).toMatchObject({ state: 'waiting', sums: { rows: 0 } });

    await api.runner.run();
    const done = await api.show(answer.body.id);
    expect(done).toMatchObject({
      state: 'done',
      total: 4,
      reading: { format: 'csv', encoding: 'utf-8', delimiter: ',' },
      sums: { rows: 4, taken: 2, unchanged: 0, refused: 1, skipped: 1 },
    });
    expect(done).not.toHaveProperty('owner');
    const listed = await api.call('get', '/api/v1/imports');
    expect(listed.body.items).toEqual([done]);
    expect(await api.stores.imports.piece(done.id, 0)).toBeNull();
  });

  it('changes only what the file has, and nothing of what is as it was', async () => {
    const api = await importApi();
    await api.stores.contacts.upsertMany([KNOWN]);
    const file = '客户编号,余额(元)\nc-1,"1,234.50"\n';
    expect(await api.importing(file)).toMatchObject({ sums: { rows: 1, taken: 1 } });
    const after = await api.contact('c-1');
    expect(after).toMatchObject({ ...KNOWN, facts: { balanceFen: 123_450 } });
    expect(await api.importing(file)).toMatchObject({ sums: { taken: 0, unchanged: 1 } });
    expect(await api.contact('c-1')).toEqual(after);

    expect(await api.importing('contactId,name\nc-1,<清空>\n')).toMatchObject({ state: 'done' });
    expect(await api.contact('c-1')).not.toHaveProperty('name');
    await api.importing('contactId,billDay\nc-1,3\n', { replace: 'true' });
    const replaced = await api.contact('c-1');
    expect(replaced).toMatchObject({ billDay: 3, facts: { balanceFen: 123_450 } });
    expect(replaced).not.toHaveProperty('plan');
  });

  it('reads a list as operators have it: Chinese headers, GBK, dates and blanks of all kinds', async () => {
    const api = await importApi();
    const text = [
      '客户编号\t姓名\t手机号\t地市\t套餐\t套餐月费\t入网时间\t短信营销授权\t流量使用率\t备注',
      'c-1\t 张伟 \t138 0000 0001\tguangzhou\tplan-59\t59\t2024/1/5\t同意\t85%\t老客户',
      'c-2\tNULL\t#N/A\tfoshan\tplan-8\t8\t2024年1月5日 8:00\t拒绝\t-\t',
      'c-3\t𠮷田\t1.38E+10\tfoshan\tplan-8\t8\t\t\t\t',
    ].join('\r\n');
    // GB18030, by a table of its own for the few signs in this file that are not ASCII.
    const bytes = Buffer.concat([...text].map((sign) => gb18030(sign)));
    const done = await api.importing(bytes, {
      name: '客户.CSV',
      timezone: 'Asia/Urumqi',
      mapping: JSON.stringify({ 备注: 'ignore' }),
    });
    expect(done).toMatchObject({
      reading: { encoding: 'gb18030', delimiter: '\t' },
      sums: { rows: 3, taken: 2, refused: 1 },
    });
    expect(await api.contact('c-1')).toMatchObject({
      name: '张伟',
      phone: '+8613800000001',
      plan: { id: 'plan-59', fee: 59 },
      activatedAt: '2024-01-04T18:00:00.000Z',
      consents: { sms: { marketing: 'granted' } },
      facts: { dataUsedPct: 85 },
    });
    expect(await api.contact('c-2')).toMatchObject({ activatedAt: '2024-01-05T02:00:00.000Z' });
    expect(await api.contact('c-2')).not.toHaveProperty('name');
    expect(await api.csv(done.id)).toContain('1.38E+10');
  });

  it.each([
    ['a column that nobody knows', 'contactId,city,nmae\nc-1,x,y\n', 'nmae', 'name'],
    ['a Chinese one', '客户编号,地市,手机好\nc-1,x,y\n', '手机好', '手机号'],
    ['money without a unit', '客户编号,余额\nc-1,5\n', '余额', '余额(元)'],
    ['two columns of one field', '客户编号,contactId\nc-1,c-2\n', 'contactId', '客户编号'],
    ['no column for the contact', '姓名\n张伟\n', 'contactId', '客户编号'],
  ])('is refused as a whole, by name, for %s', async (_, file, path, hint) => {
    const api = await importApi();
    const done = await api.importing(file);
    expect(done).toMatchObject({
      state: 'failed',
      sums: { rows: 0 },
      problem: { issues: [{ path }] },
    });
    expect(done.problem.message).toContain(hint);
    expect(await api.stores.contacts.count()).toBe(0);
  });

  it('takes the last row of a contact, however far apart they stand, and names each repeat', async () => {
    const api = await importApi();
    const others = Array.from({ length: 2500 }, (_, i) => `x-${i},guangzhou,x`);
    const file = [
      'contactId,city,name',
      'c-1,guangzhou,first',
      ...others,
      'c-1,foshan,',
      'c-1,foshan,last',
    ];
    const done = await api.importing(file.join('\n'));
    expect(done.sums).toEqual({
      ...{ rows: 2503, taken: 2501, unchanged: 0, refused: 0 },
      ...{ skipped: 2, repeated: 2 },
    });
    expect(await api.contact('c-1')).toMatchObject({ name: 'last', city: 'foshan' });
    const lines = (await api.csv(done.id, 'repeated')).trim().split('\r\n').slice(1);
    expect(lines).toEqual(['2,2504,c-1', '2503,2504,c-1']);
  });

  it('gives the refused rows back as a file that is mended and imported again', async () => {
    const api = await importApi();
    const bad = ['c-2,王"小"明,guangzhou', 'c 3,x,foshan', 'c-4,only', 'c-5,"a,b",'];
    const first = await api.importing(`contactId,name,city\nc-1,张,foshan\n${bad.join('\n')}\n`);
    expect(first.sums).toMatchObject({ rows: 5, taken: 1, refused: 4 });
    const file = await api.csv(first.id);
    expect(file.startsWith('\uFEFF行 line,原因 reason,contactId,name,city\r\n3,')).toBe(true);

    const again = await api.importing(file);
    expect(again.sums).toMatchObject({ rows: 4, taken: 1, refused: 3 });
    expect(await api.contact('c-2')).toMatchObject({ name: '王"小"明' });
    const mended = file
      .replace(',c 3,', ',c-3,')
      .replace(',c-4,only', ',c-4,only,foshan')
      .replace('"a,b",', '"a,b",foshan');
    expect((await api.importing(mended)).sums).toMatchObject({
      taken: 3,
      unchanged: 1,
      refused: 0,
    });
  });

  it('gives the refused rows of JSONL back so, too', async () => {
    const api = await importApi();
    const rows = [
      '{"contactId":"c-1"}',
      '{bad',
      '{"contactId":"c-2","city":"foshan","name":"a\u2028b"}',
    ];
    const done = await api.importing(`\uFEFF${rows.join('\r\n')}\r\n`, { name: 'a.JSONL' });
    expect(done.sums).toMatchObject({ rows: 3, taken: 1, refused: 2 });
    expect(await api.contact('c-2')).toMatchObject({ name: 'a\u2028b' });
    const again = await api.importing(
      (await api.csv(done.id)).replace('c-1""', 'c-1"",""city"":""foshan""'),
    );
    expect(again.sums).toMatchObject({ rows: 2, taken: 1, refused: 1 });
  });

  it('reads a workbook', async () => {
    const api = await importApi();
    const cells = (row: number, ...values: string[]) =>
      `<row r="${row}">${values.map((value, i) => `<c r="${'ABCD'[i]}${row}" ${value}</c>`).join('')}</row>`;
    const workbook = await workbookOf({
      sheets: {
        客户: [
          cells(1, 't="s"><v>0</v>', 't="s"><v>1</v>', 't="s"><v>2</v>', 't="s"><v>3</v>'),
          cells(
            2,
            't="str"><v>c-1</v>',
            't="str"><v>foshan</v>',
            '><v>1.3800000001E10</v>',
            's="1"><v>45296.5</v>',
          ),
        ],
        说明: [],
      },
      strings: ['客户编号', '地市', '手机号码', '入网时间'].map(
        (text) => `<si><t>${text}</t></si>`,
      ),
      styles: [22],
    });
    const done = await api.importing(workbook, { name: '客户.xlsx' });
    expect(done).toMatchObject({
      reading: { sheet: '客户', otherSheets: ['说明'] },
      sums: { rows: 1, taken: 1 },
    });
    expect(await api.contact('c-1')).toMatchObject({
      phone: '+8613800000001',
      activatedAt: '2024-01-05T04:00:00.000Z',
    });
  });

  it('takes its consents as stated when the file was, unless a row knows better', async () => {
    const api = await importApi();
    const file =
      'contactId,city,短信营销授权,授权时间\nc-1,foshan,同意,\nc-2,foshan,同意,2026-02-01\n';
    await api.importing(file, { date: '2026-01-05' });
    const statedAt = async (id: string) => (await api.stores.contacts.consentLog(id))[0]?.at;
    expect(await statedAt('c-1')).toBe('2026-01-04T16:00:00.000Z');
    expect(await statedAt('c-2')).toBe('2026-01-31T16:00:00.000Z');
  });

  it('takes its facts as of when the file was: what is known of later stands', async () => {
    const api = await importApi();
    await api.stores.contacts.upsertMany([{ contactId: 'c-1', city: 'foshan' }]);
    const time = { asOf: '2026-02-01T00:00:00.000Z' };
    await api.stores.contacts.learn('c-1', { balanceFen: 500 }, time);

    const file = 'contactId,city,余额(元)\nc-1,foshan,9\nc-2,foshan,7\n';
    await api.importing(file, { date: '2026-01-05' });
    expect((await api.contact('c-1'))?.facts).toEqual({ balanceFen: 500 });
    expect((await api.contact('c-2'))?.facts).toEqual({ balanceFen: 700 });
  });

  it('foresees its sums and writes nothing in a dry run', async () => {
    const api = await importApi();
    await api.stores.contacts.upsertMany([KNOWN]);
    const before = await api.contact('c-1');
    const file = 'contactId,city,name\nc-1,guangzhou,new\nc-2,foshan,x\nc-3,,x\n';
    const done = await api.importing(file, { dryRun: 'true' });
    expect(done.sums).toMatchObject({ rows: 3, taken: 2, refused: 1 });
    expect(await api.contact('c-1')).toEqual(before);
    expect(await api.stores.contacts.count()).toBe(1);
  });

  it('holds each row to the cities of who brought it, and shows its rows to nobody else', async () => {
    const api = await importApi();
    await api.stores.contacts.upsertMany([{ ...KNOWN, city: 'shenzhen' }]);
    const limited = await api.keyFor('machine', ['guangzhou']);
    const file = 'contactId,city\nc-1,\nc-2,guangzhou\nc-3,shenzhen\n';
    const { id, sums } = await api.importing(file, {}, limited);
    expect(sums).toMatchObject({ taken: 1, refused: 2 });
    const other = await api.keyFor('machine', ['shenzhen']);
    for (const path of [`/api/v1/imports/${id}`, `/api/v1/imports/${id}/refused`])
      expect((await api.call('get', path, undefined, other)).status).toBe(404);
    expect((await api.call('get', '/api/v1/imports', undefined, other)).body.items).toEqual([]);
    expect(
      (await api.call('get', `/api/v1/imports/${id}/refused`, undefined, limited)).text,
    ).toContain('c-3');
    expect((await api.post(file, {}, await api.keyFor('viewer'))).status).toBe(403);
  });

  it('goes on with the job that the same file began, and with none that was asked for otherwise', async () => {
    const api = await importApi();
    const file = 'contactId,city\nc-1,foshan\n';
    const first = (await api.post(file)).body.id;
    expect((await api.post(file)).body.id).toBe(first);
    expect((await api.post(file, { dryRun: 'true' })).body.id).not.toBe(first);
    await api.runner.run();
    expect((await api.post(file)).body.id).not.toBe(first);
    const { body } = await api.call('get', '/api/v1/imports?limit=500');
    expect(body.items.filter(({ state }: { state: string }) => state === 'waiting')).toHaveLength(
      1,
    );
  });

  it('can be cancelled, and takes no more rows then', async () => {
    const api = await importApi();
    const { id } = (await api.post('contactId,city\nc-1,foshan\n')).body;
    const answer = await api.call('post', `/api/v1/imports/${id}:cancel`);
    expect(answer.body).toMatchObject({ state: 'cancelled' });
    await api.runner.run();
    expect(await api.show(id)).toMatchObject({ state: 'cancelled', sums: { rows: 0 } });
    expect(await api.stores.contacts.count()).toBe(0);
  });

  it.each([
    ['an unknown ending', { name: 'a.doc' }, 'name'],
    ['a zone that is none', { timezone: 'Mars' }, 'timezone'],
    ['a mapping that is no JSON', { mapping: '{' }, 'mapping'],
    ['a date ahead', { date: '2027-01-01' }, 'date'],
    ['an option that nobody knows', { dry: '1' }, 'dry'],
  ])('is refused for %s before it is read', async (_, query, path) => {
    const api = await importApi();
    const answer = await api.post('contactId\nc-1\n', query);
    expect(answer.status).toBe(422);
    expect(answer.body.issues[0].path).toBe(path);
    expect((await api.call('get', '/api/v1/imports')).body.items).toEqual([]);
  });

  it('is forgotten, with its rows, after the days for which it is kept', async () => {
    const api = await importApi();
    const { id } = await api.importing('contactId,city\nc 1,foshan\n');
    api.time.now = NOW + 31 * 24 * 3_600_000;
    await api.runner.run();
    expect((await api.call('get', `/api/v1/imports/${id}`)).status).toBe(404);
  });
});

test('a body that is not UTF-8 is refused, and none of its signs is guessed', async () => {
  const api = await importApi();
  for (const type of ['application/json', 'application/x-ndjson']) {
    const answer = await request(api.app)
      .put('/api/v1/contacts:batch')
      .set('Authorization', await api.keyFor('admin'))
      .set('Content-Type', type)
      .serialize((body: unknown) => body as string)
      .send(
        Buffer.concat([
          Buffer.from('[{"contactId":"c-1","city":"x","name":"'),
          gb18030('张'),
          Buffer.from('"}]'),
        ]) as unknown as string,
      );
    expect(answer.status).toBe(400);
  }
  expect(await api.stores.contacts.count()).toBe(0);
});

/** The bytes of one sign, found by decoding all pairs and quadruples that begin GB18030. */
const TABLE = new Map<string, Buffer>();
function gb18030(sign: string): Buffer {
  if (sign < '\u0080') return Buffer.from(sign);
  if (sign === '𠮷') return Buffer.from('9534b235', 'hex');
  if (TABLE.size === 0)
    for (let high = 0x81; high < 0xff; high++)
      for (let low = 0x40; low < 0xff; low++) {
        const bytes = Buffer.from([high, low]);
        if (low !== 0x7f) TABLE.set(new TextDecoder('gb18030').decode(bytes), bytes);
      }
  return TABLE.get(sign) ?? Buffer.from('?');
}
