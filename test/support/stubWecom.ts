// A WeCom that hands out tokens and answers everything else as a test tells it.

import { createWecomClient } from '../../integrations/wecom/client';
import { type StubAnswer, type StubCall, startStub } from './stubSystem';

export const NOW = 1_700_000_000_000;
export const clock = { now: () => NOW };

export const says = (errcode: number, more: object = {}): StubAnswer => ({
  json: { errcode, errmsg: `no, hint: [h-${errcode}]`, ...more },
});
export const ok = (more: object = {}): StubAnswer => says(0, more);

export async function aWecom(
  answer: (call: StubCall, nth: number) => StubAnswer,
  timeoutMs = 5000,
) {
  let tokens = 0;
  let nth = 0;
  const stub = await startStub((call) =>
    call.path.endsWith('/gettoken')
      ? ok({ access_token: `token-${++tokens}`, expires_in: 7200 })
      : answer(call, ++nth),
  );
  const client = createWecomClient({
    baseUrl: stub.url,
    corpId: 'ww1',
    corpSecret: 'the-corp-secret',
    clock,
    timeoutMs,
  });
  return {
    client,
    close: stub.close,
    /** What was asked but for tokens. */
    asked: () => stub.calls.filter(({ path }) => !path.endsWith('/gettoken')),
    tokensGiven: () => tokens,
  };
}
