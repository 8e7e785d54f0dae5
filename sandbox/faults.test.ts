import { trial } from './trial';

const text = { clientMessageId: 'm-1', phone: '19900010001', text: '【广东移动】hi' };

async function served(fault: object) {
  const it = trial();
  const url = await it.sandbox.listen(0);
  await it.control('faults', fault);
  const send = () =>
    fetch(`${url}/sms/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer sms-key' },
      body: JSON.stringify(text),
      signal: AbortSignal.timeout(150),
    });
  const taken = async () => (await it.call('get', '/sms/messages/m-1')).status === 200;
  return { ...it, send, taken };
}

describe('faults', () => {
  const open: { sandbox: { close(): Promise<void> } }[] = [];
  const start = async (fault: object) => {
    const it = await served({ system: 'sms', path: '/messages', count: 1, ...fault });
    open.push(it);
    return it;
  };
  afterEach(async () => {
    for (const { sandbox } of open.splice(0)) await sandbox.close();
  });

  it('answer a code of the system, as often as counted', async () => {
    const { send } = await start({ kind: 'errcode', errcode: 'THROTTLED', count: 2 });
    const answers = [await send(), await send(), await send()];
    expect(answers.map((answer) => answer.status)).toEqual([429, 429, 200]);
    expect(answers[0]?.headers.get('retry-after')).toBe('1');
  });

  it('fail with 500 and do nothing', async () => {
    const { send, taken } = await start({ kind: 'http-500' });
    expect((await send()).status).toBe(500);
    expect(await taken()).toBe(false);
  });

  it('time out before the work', async () => {
    const { send, taken } = await start({ kind: 'timeout-before' });
    await expect(send()).rejects.toThrow();
    expect(await taken()).toBe(false);
  });

  it('time out after the work was accepted', async () => {
    const { send, taken } = await start({ kind: 'timeout-after-accept' });
    await expect(send()).rejects.toThrow();
    expect(await taken()).toBe(true);
  });

  it('cut the answer after the work was accepted', async () => {
    const { send, taken } = await start({ kind: 'truncate' });
    const answer = await send();
    await expect(answer.json()).rejects.toThrow();
    expect(await taken()).toBe(true);
  });

  it('delay the answer', async () => {
    const { send } = await start({ kind: 'delay', delayMs: 400 });
    await expect(send()).rejects.toThrow();
  });

  it('hit their share of the calls, the same ones for a seed', async () => {
    const hits = async () => {
      const it = trial();
      await it.control('faults', { system: 'sms', kind: 'http-500', rate: 0.3 });
      const statuses: number[] = [];
      for (let n = 0; n < 100; n += 1)
        statuses.push((await it.call('get', '/sms/messages/none')).status);
      return statuses;
    };
    const first = await hits();
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(15);
    expect(first.filter((status) => status === 500).length).toBeLessThan(45);
    expect(await hits()).toEqual(first);
  });
});

describe('bad input to a control', () => {
  it.each([
    ['customers/c-1:add-friend', {}, 'staffId'],
    ['customers/c-1:use-data', { percent: 'x' }, 'percent'],
    ['customers/c-1:bill', { balance: 1, more: 1 }, 'more'],
    ['faults', { system: 'fax', kind: 'delay' }, 'system'],
    ['leads', { contactId: 'c-1', outcome: 'maybe' }, 'outcome'],
    ['world', { confirmRate: 2 }, 'confirmRate'],
  ])('%s %j is a problem that names %s', async (path, body, where) => {
    const { control } = trial();
    expect(await control(path, body)).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
      issues: [expect.objectContaining({ path: where })],
    });
  });

  it('names who is missing or in the way', async () => {
    const { control } = trial();
    expect(await control('staff/nobody:confirm')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    await control('customers/c-1:add-friend', { staffId: 's-1' });
    expect(await control('customers/c-1:add-friend', { staffId: 's-1' })).toMatchObject({
      status: 409,
      code: 'CONFLICT',
    });
    expect(await control('customers/c-1:accept')).toMatchObject({
      status: 400,
      issues: [expect.objectContaining({ path: 'product' })],
    });
  });
});
