import { UsageError } from '../../embedded/usage';
import { runWhy } from './why';

const row = {
  kind: 'decision',
  touchId: 't-3',
  attempt: 2,
  at: '2026-03-02T02:00:00.000Z',
  channel: 'sms',
  class: 'marketing',
  policy: 'default@1',
  words: { 'zh-CN': '顺延：命中频次上限「week」', en: 'deferred: cap "week"' },
  explain: [
    { words: { 'zh-CN': '可达', en: 'reach' } },
    { words: { 'zh-CN': '命中频次上限「week」', en: 'cap "week"' }, counted: ['t-2', 't-1'] },
  ],
};
const settlement = {
  kind: 'settlement',
  touchId: 't-2',
  at: '2026-03-02T03:00:00.000Z',
  channel: 'wecom',
  words: { 'zh-CN': '已释放', en: 'released' },
};

const stale = {
  verdict: 'stale',
  at: '2026-03-02T02:30:00.000Z',
  words: { 'zh-CN': '未启动「月初账单」', en: 'Month start was not started' },
};

async function why(
  args: readonly string[],
  items: readonly object[] = [row, settlement],
  notStarted?: readonly object[],
  archivedUntil?: string,
) {
  const asked: string[] = [];
  let text = '';
  const fetch = async (path: string) => {
    asked.push(path);
    return Response.json({ timezone: 'Asia/Shanghai', items, notStarted, archivedUntil });
  };
  const status = await runWhy(args, () => ({ fetch }), {
    write: (piece: string) => (text += piece),
  });
  return { status, asked, text };
}

describe('sopflow why', () => {
  it('prints each row where the customer lives, each rule under it, and the touches it counted', async () => {
    const { status, asked, text } = await why(['c-1', '--day', '2026-03-02']);
    expect(status).toBe(0);
    expect(asked).toEqual(['/api/v1/contacts/c-1/decisions?lang=zh-CN&day=2026-03-02']);
    expect(text.split('\n')).toEqual([
      '2026-03-02 10:00  t-3 #2 短信/营销 default@1  顺延：命中频次上限「week」',
      '    可达',
      '    命中频次上限「week」  计入：t-2, t-1',
      '2026-03-02 11:00  t-2 企业微信  已释放',
      '',
    ]);
  });

  it('says among them which journeys were not started', async () => {
    const { text } = await why(['c-1'], [row, settlement], [stale]);
    expect(text.split('\n').slice(3)).toEqual([
      '2026-03-02 10:30  未启动「月初账单」',
      '2026-03-02 11:00  t-2 企业微信  已释放',
      '',
    ]);
    expect((await why(['c-1', '--lang', 'en'], [], [stale])).text).toBe(
      '2026-03-02 10:30  Month start was not started\n',
    );
  });

  it('says first from when on it can tell, where older decisions are archived', async () => {
    const { text } = await why(['c-1'], [settlement], undefined, '2026-03-01T16:00:00.000Z');
    expect(text.split('\n').slice(0, 2)).toEqual([
      '更早的决策已归档，至 2026-03-02 00:00',
      '2026-03-02 11:00  t-2 企业微信  已释放',
    ]);
  });

  it('asks for one touch, in English', async () => {
    const { asked, text } = await why(['c-1', '--touch', 'w/c-1/e/offer', '--lang', 'en']);
    expect(asked).toEqual(['/api/v1/contacts/c-1/decisions?lang=en&touchId=w%2Fc-1%2Fe%2Foffer']);
    expect(text).toContain('    cap "week"  counted: t-2, t-1\n');
  });

  it('asks for the last 24 hours when nothing else is said, and says when there is nothing', async () => {
    const { asked, text } = await why(['c-1'], []);
    expect(asked[0]).toMatch(/\?lang=zh-CN&from=20\d\d-/);
    expect(text).toBe('没有决策或回执\n');
  });

  it.each([[[]], [['c-1', 'c-2']], [['c-1', '--lang', 'fr']], [['c-1', '--days', '3']]])(
    'refuses %j as no use of the command',
    async (args) => {
      await expect(why(args)).rejects.toThrow(UsageError);
    },
  );
});
