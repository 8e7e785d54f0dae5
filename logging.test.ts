import { createLog, sdkLog } from './logging';

function written(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog('info', 'test', { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

test('names, phones, texts and secrets never reach a line, at two depths', () => {
  const line = written((log) =>
    log.info(
      {
        phone: '13800001234',
        token: 'tok-1',
        contact: { name: '张三', phone: '13800001234', contactId: 'c-1' },
        a: { b: { text: '您好', unionId: 'u-1' } },
      },
      'x',
    ),
  );
  for (const secret of ['13800001234', 'tok-1', '张三', '您好', 'u-1'])
    expect(line).not.toContain(secret);
  expect(line).toContain('c-1');
});

test('digits as long as a phone are cut out of errors that quote them', () => {
  const line = written((log) =>
    log.error({ err: new Error('duplicate key { phone: "13800001234" }') }, 'failed'),
  );
  expect(line).not.toContain('13800001234');
  expect(line).toContain('duplicate key');
});

test("what Temporal's SDK logs becomes lines like ours, with its errors scrubbed", () => {
  const line = written((log) =>
    sdkLog(log).warn('Activity failed', {
      activityType: 'touch',
      error: new Error('no customer 13800001234'),
      phone: '13800001234',
    }),
  );
  expect(JSON.parse(line)).toMatchObject({
    msg: 'Activity failed',
    activityType: 'touch',
    level: 40,
  });
  expect(line).toContain('no customer #');
  expect(line).not.toContain('13800001234');
});

test("a failure from inside a workflow's sandbox is told although it is no Error of ours", () => {
  const line = written((log) => sdkLog(log).log('ERROR', 'failed', { error: { message: 'x' } }));
  expect(JSON.parse(line)).toMatchObject({
    msg: 'failed',
    level: 50,
    err: { message: expect.any(String) },
  });
});
