import { createMemoryStores } from '../models/memory/stores';
import type { SystemWatch } from '../ports/conditions';
import type { Log } from '../ports/log';
import { MINUTE_MS } from '../rules/time/durations';
import { deliverOne } from '../test/fakes/channel';
import { type StubAnswer, startStub } from '../test/support/stubSystem';
import type { Fetch } from './http';
import { createSmsChannel } from './sms/channel';
import { createSystemWatch } from './watch';
import { createWecomClient } from './wecom/client';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const closing of open.splice(0)) await closing.close();
});

/** A WeCom and an SMS gateway that answer as told, and what is kept of their conditions. */
async function aWatch(fetch?: Fetch) {
  let answer: StubAnswer = {};
  const stub = await startStub(({ path }) =>
    path.endsWith('/gettoken')
      ? { json: { errcode: 0, access_token: 'token', expires_in: 7200 } }
      : answer,
  );
  open.push(stub);
  const time = { ms: Date.parse('2026-03-02T10:00:00Z') };
  const clock = { now: () => time.ms };
  const { conditions } = createMemoryStores();
  const watch = createSystemWatch(conditions, clock, silent);
  const options = { baseUrl: stub.url, clock, watch, ...(fetch && { fetch }) };
  const wecom = createWecomClient({ ...options, corpId: 'ww1', corpSecret: 'secret-1' });
  const sms = createSmsChannel({
    ...options,
    key: 'the-system-key',
    signature: '【广东移动】',
    refusalNote: 'R',
  });
  const delivery = { touchId: 't', contactId: 'c', text: 'hi', phone: '13800000000', askedAt: 0 };

  return {
    conditions,
    pass: (ms: number) => {
      time.ms += ms;
    },
    async askWecom(errcode: number) {
      answer = { json: { errcode, follow_user: [] } };
      await wecom.getFollowUserList().catch(() => {});
    },
    async sendSms(said: StubAnswer) {
      answer = said;
      return deliverOne(sms, delivery).catch((error: unknown) => error);
    },
  };
}

describe('what keeps a system from working', () => {
  it('is known by its code, since when and how often, and ends with the next success', async () => {
    const { conditions, askWecom, pass } = await aWatch();
    for (let call = 0; call < 3; call++) {
      await askWecom(60020);
      pass(2_000);
    }
    expect(await conditions.list()).toEqual([
      {
        system: 'wecom',
        code: '60020',
        fault: 'ours',
        isWide: true,
        since: '2026-03-02T10:00:00.000Z',
        lastAt: '2026-03-02T10:00:04.000Z',
        times: 3,
      },
    ]);

    await askWecom(0);
    expect(await conditions.list()).toEqual([]);
  });

  it('is written once a second however many calls meet it', async () => {
    const { conditions, askWecom, pass } = await aWatch();
    const meet = jest.spyOn(conditions, 'meet');
    for (let call = 0; call < 50; call++) await askWecom(60020);
    expect(meet).toHaveBeenCalledTimes(1);
    pass(1_000);
    await askWecom(60020);
    expect(await conditions.list()).toMatchObject([{ times: 51 }]);
  });

  it('stays while it is about one member only and others get through', async () => {
    const { conditions, askWecom, pass } = await aWatch();
    await askWecom(60011);
    pass(60_000);
    await askWecom(0);
    expect(await conditions.list()).toMatchObject([{ code: '60011', isWide: false }]);
    pass(120_000);
    await askWecom(0);
    expect(await conditions.list()).toEqual([]);
  });

  it.each([84061, 41063, 41094])('is nothing that WeCom says of a message: %s', async (errcode) => {
    const { conditions, askWecom } = await aWatch();
    await askWecom(errcode);
    expect(await conditions.list()).toEqual([]);
  });

  it.each([
    ['our key', { status: 401, json: { code: 'UNAUTHORISED' } }, 'UNAUTHORISED', 'ours'],
    ['a code nobody knows', { status: 400, json: { code: 'NEW_WORD' } }, 'NEW_WORD', 'ours'],
    ['a proxy', { status: 404, text: '<html>' }, 'HTTP-404', 'ours'],
    ['its own pace', { status: 429, json: { code: 'THROTTLED' } }, 'THROTTLED', 'theirs'],
    ['its own fault', { status: 502, text: '<html>' }, 'HTTP-502', 'theirs'],
    ['half an answer', { text: '{"messageId":' }, 'BROKEN_ANSWER', 'theirs'],
  ])('is %s', async (_, answer, code, fault) => {
    const { conditions, sendSms } = await aWatch();
    await sendSms(answer);
    expect(await conditions.list()).toMatchObject([{ system: 'sms', code, fault }]);
  });

  it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'is a certificate that is no good: %s',
    async (code) => {
      const { conditions, sendSms } = await aWatch(() =>
        Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code } })),
      );
      expect(await sendSms({})).toMatchObject({ code: 'UNAVAILABLE' });
      expect(await conditions.list()).toMatchObject([{ system: 'sms', code, fault: 'ours' }]);
    },
  );

  it('is not a number that the gateway will not take', async () => {
    const { conditions, sendSms } = await aWatch();
    await sendSms({ status: 400, json: { code: 'PHONE_INVALID' } });
    expect(await conditions.list()).toEqual([]);
  });
});

describe('the log', () => {
  it('names each outage once when it begins, and the next one again', () => {
    const time = { ms: 0 };
    const warned: unknown[] = [];
    const log: Log = { ...silent, warn: (fields) => warned.push(fields) };
    const { conditions } = createMemoryStores();
    const watch = createSystemWatch(conditions, { now: () => time.ms }, log);
    const refused: Parameters<SystemWatch['met']>[0] = {
      ...{ system: 'sms', code: 'HTTP-401', fault: 'ours', isWide: true },
    };

    for (let minute = 0; minute < 10; minute++) {
      watch.met(refused);
      time.ms += MINUTE_MS;
    }
    expect(warned).toEqual([refused]);

    time.ms += 10 * MINUTE_MS;
    watch.met(refused);
    expect(warned).toEqual([refused, refused]);
  });
});
