import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { welcomeRef } from '../rules/contact/welcomeRef';
import { trial } from './trial';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = { clientMessageId: 'm-1', phone: '19900010001', text: '【广东移动】hi' };

/** The one before is dropped as a SIGKILL would drop it: nothing is closed, nothing is flushed. */
const begin = () => trial({ statePath: join(folder, 'state.jsonl') });

it('remembers across a kill whatever it answered for', async () => {
  const before = begin();
  const { welcomeCode, externalUserId } = await before.control('customers/c-1:add-friend', {
    staffId: 's-1',
  });
  await before.wecom('externalcontact/send_welcome_msg', {
    welcome_code: welcomeCode,
    text: { content: '您好' },
  });
  const { msgid } = await before.wecom('externalcontact/add_msg_template', {
    sender: 's-1',
    external_userid: [externalUserId],
    text: { content: '账单' },
  });
  const sms = (await before.call('post', '/sms/messages', text)).body;

  const after = begin();
  expect((await after.book()).map((entry) => entry.ref)).toEqual([welcomeRef(welcomeCode)]);
  expect(
    (
      await after.wecom('externalcontact/send_welcome_msg', {
        welcome_code: welcomeCode,
        text: { content: 'again' },
      })
    ).errcode,
  ).toBe(41051);
  expect((await after.call('post', '/sms/messages', text)).body).toEqual(sms);
  await after.pass(1000);
  expect((await after.book()).map((entry) => entry.ref)).toEqual([
    welcomeRef(welcomeCode),
    sms.messageId,
  ]);
  expect(await after.control('staff/s-1:confirm')).toEqual({ msgids: [msgid] });
});

it('gives no id twice across a kill', async () => {
  const first = await begin().control('customers/c-1:add-friend', { staffId: 's-1' });
  const second = await begin().control('customers/c-2:add-friend', { staffId: 's-1' });
  expect(second.welcomeCode).not.toBe(first.welcomeCode);
});

it('drops a line that the kill cut short', async () => {
  const path = join(folder, 'state.jsonl');
  await begin().control('customers/c-1:add-friend', { staffId: 's-1' });
  appendFileSync(path, '[["customers","c-2",{"contactId"');
  const after = begin();
  expect(
    (await after.read('externalcontact/list', { userid: 's-1' })).external_userid,
  ).toHaveLength(1);
  await after.control('customers/c-3:add-friend', { staffId: 's-1' });
  expect(
    (await begin().read('externalcontact/list', { userid: 's-1' })).external_userid,
  ).toHaveLength(2);
});

it('is empty after a reset, in memory and on disk', async () => {
  const { control, book } = begin();
  await control('customers/c-1:add-friend', { staffId: 's-1' });
  await control('reset');
  expect(readFileSync(join(folder, 'state.jsonl'), 'utf8')).toBe('');
  expect(await book()).toEqual([]);
});
