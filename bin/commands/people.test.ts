import { PassThrough, Readable } from 'node:stream';
import { runPeople } from './people';

async function answers(...cases: readonly unknown[]) {
  const output = new PassThrough();
  const lines = cases.map((each) => `${JSON.stringify(each)}\n`);
  const status = await runPeople(Readable.from(lines), output);
  const text = (output.read() as Buffer).toString();
  const rows = text.split('\n').filter(Boolean);
  return { status, answers: rows.map((row) => JSON.parse(row) as unknown) };
}

const at = '2026-03-02T10:00:00+08:00';
const delivered = { state: 'delivered', at };

describe('sopflow people', () => {
  it('says what became of a message by the receipts of its parts', async () => {
    expect(
      await answers(
        { name: 'whole', receipts: [{ ...delivered, part: null }], parts: null },
        { receipts: [delivered], parts: 2 },
        { receipts: [delivered, { state: 'failed', at, part: 2 }], parts: 2 },
      ),
    ).toEqual({
      status: 0,
      answers: [
        { delivery: 'delivered', deliveredAt: '2026-03-02T02:00:00.000Z' },
        { delivery: 'accepted' },
        { delivery: 'partly', deliveredAt: '2026-03-02T02:00:00.000Z' },
      ],
    });
  });

  it('reads a phone number, or says why it is none', async () => {
    expect(
      await answers({ name: 'a', phone: '139 1234 5678' }, { phone: '1.38E+10' }, { phone: '' }),
    ).toEqual({
      status: 0,
      answers: [
        { phone: '+8613912345678' },
        { refused: 'scientific' },
        { refused: 'not-a-number' },
      ],
    });
  });

  it.each<readonly [string, unknown, string, string]>([
    ['a phone that is no text', { phone: 13912345678 }, 'phone', 'type string'],
    [
      'a part beyond the last',
      { receipts: [{ ...delivered, part: 2 }] },
      'receipts[0].part',
      '1 to 1',
    ],
    [
      'a part before the first',
      { receipts: [{ ...delivered, part: 0 }] },
      'receipts[0].part',
      '>= 1',
    ],
    [
      'an unknown state',
      { receipts: [{ state: 'lost', at }] },
      'receipts[0].state',
      'delivered, failed',
    ],
    [
      'an instant without offset',
      { receipts: [{ state: 'failed', at: '2026-03-02T10:00:00' }] },
      'receipts[0].at',
      'offset',
    ],
    ['a key it does not know', { receipts: [], part: 1 }, 'part', 'unknown key'],
    ['no shape at all', { name: 'x', receipts: null }, '', 'exactly one of'],
    ['what is no object', [1], '', 'exactly one of'],
  ])(
    'names the place of %s, answers the other lines and ends with status 1',
    async (_, given, path, said) => {
      const { status, answers: found } = await answers(given, { receipts: [] });
      expect(status).toBe(1);
      expect(found).toEqual([
        { error: { path, message: expect.stringContaining(said) } },
        { delivery: 'accepted' },
      ]);
    },
  );
});
