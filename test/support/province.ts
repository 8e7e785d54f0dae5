// The whole way over real HTTP, without Temporal: the simulated systems call back to our API, our clients call them, touches go
// the ordinary path, and the books are read as the flows read them. The clock is moved by hand.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bookPage } from '../../activities/book/page';
import type { BookDeps } from '../../activities/deps';
import { requestOfJourney } from '../../activities/touch/asked';
import { touchMany } from '../../activities/touch/page';
import { createLateIntake } from '../../intake/late';
import { createCallbackBook } from '../../integrations/callbackBook';
import { parseCrmCallback } from '../../integrations/crm/callback';
import { createOrderDesk } from '../../integrations/crm/orders';
import { parseIopCallback } from '../../integrations/iop/callback';
import { createCallChannel } from '../../integrations/iop/channel';
import { createLeadPool } from '../../integrations/iop/leads';
import { parseSmsCallback } from '../../integrations/sms/callback';
import { createSmsChannel } from '../../integrations/sms/channel';
import { createWebhookCodec } from '../../integrations/webhook';
import { createWecomCodec } from '../../integrations/wecom/callback';
import { createWecomChannel } from '../../integrations/wecom/channel';
import { createWecomClient } from '../../integrations/wecom/client';
import { createWecomDesk } from '../../integrations/wecom/desk';
import type { Channel } from '../../ports/channel';
import { PARTITIONS } from '../../rules/base/partition';
import {
  BOOK_PARTS,
  type BookPart,
  type Differences,
  REAP_PARTS,
  sumOf,
} from '../../rules/ledger/bookReport';
import { CALLBACKS_WITHIN_MS, REAP_AFTER_MS, STRAYS_WITHIN_MS } from '../../rules/ledger/grace';
import { DAY_MS, MINUTE_MS } from '../../rules/time/durations';
import { formatInstant } from '../../rules/time/instant';
import { KEY, TOKEN, trial } from '../../sandbox/trial';
import { createFakeApi, WEBHOOK_SECRETS } from '../fakes/api';
import { aScenario } from '../fakes/touchScenario';

const CORP = { corpId: 'wwcorp1', corpSecret: 'secret-1' };
const ALL_PARTITIONS = Array.from({ length: PARTITIONS }, (_, i) => i);
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export type Province = Awaited<ReturnType<typeof openProvince>>;

export async function openProvince() {
  const it = trial();
  const url = await it.sandbox.listen(0);
  const clock = { now: () => it.time.now };
  const codecs = {
    wecomCodec: createWecomCodec({ ...CORP, token: TOKEN, encodingAesKey: KEY, clock }),
    webhookCodec: createWebhookCodec({ secrets: WEBHOOK_SECRETS, clock }),
  };
  const api = await createFakeApi({ ...codecs, clock });
  const { stores } = api;
  const scenario = await aScenario({ stores, text: '夏日流量包', profile: { relations: [] } });
  const systems = connect(url, clock);

  const deps: BookDeps = {
    ...scenario.ask([]).deps,
    ...systems,
    stores,
    engine: api.engine,
    clock,
    log: silent,
    late: createLateIntake(stores, clock),
  };

  /** What is in the inbox has its effect. */
  async function digest(): Promise<void> {
    api.time.now = clock.now();

    for (const { key } of await stores.inbox.waiting(ALL_PARTITIONS, 1000)) {
      const item = await stores.inbox.claim(key, 1);
      if (item) await api.handle(item);
      await stores.inbox.done(key, 1);
    }
  }

  async function read(parts: readonly BookPart[], from: number, to: number): Promise<Differences> {
    const found: Differences[] = [];
    const span = { from: formatInstant(from), to: formatInstant(to) };
    for (const part of parts)
      for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
        const page: Awaited<ReturnType<typeof bookPage>> = await bookPage(deps, {
          part,
          ...span,
          cursor,
        });
        found.push(page.found);
        cursor = page.next;
      }
    await digest();
    return sumOf(found);
  }

  const front = await openFront(api.app, it.sandbox);
  return {
    ...it,
    ...front,
    ...systems,
    stores,
    engine: api.engine,
    digest,
    /** As the nightly flow reads. */
    reconcile: () => {
      const to = clock.now() - CALLBACKS_WITHIN_MS;
      return read(BOOK_PARTS, to - 3 * DAY_MS, to);
    },
    /** As the flow that comes every few minutes. */
    reap: () => read(REAP_PARTS, clock.now() - STRAYS_WITHIN_MS, clock.now() - REAP_AFTER_MS),
    /** Asks for touches of customers by one channel, together, as a page of a wave does. */
    async touch(channel: 'wecom' | 'sms' | 'call', contactIds: readonly string[]) {
      scenario.time.now = clock.now();
      const own = systems.channels.get(channel) as Channel;
      const { input, caller, ...context } = scenario.ask([own]);
      return touchMany(
        context,
        contactIds.map((contactId) =>
          requestOfJourney(
            { ...input, channel, contactId, touchId: `offer/${contactId}/${channel}` },
            { ...caller, workflowId: `offer/${contactId}` },
          ),
        ),
      );
    },
    /** Minutes in which everything due happens, by the second at first. */
    async minutes(count: number): Promise<void> {
      for (let second = 0; second < 60; second += 1) await it.pass(1000);
      for (let minute = 1; minute < count; minute += 1) await it.pass(MINUTE_MS);
    },
    /** The settlement of a touch that counts. */
    async settled(contactId: string) {
      const rows = await stores.touches.timeline(contactId);
      return rows.filter((row) => row.kind === 'settlement').at(-1);
    },
    close: async () => {
      await front.goDown();
      await it.sandbox.close();
    },
  };
}

function connect(url: string, clock: BookDeps['clock']) {
  const client = createWecomClient({ baseUrl: `${url}/wecom`, ...CORP, clock });
  const of = (system: string) => ({ baseUrl: `${url}/${system}`, key: `${system}-key`, clock });
  const channels = [
    createWecomChannel(client, clock),
    createSmsChannel({ ...of('sms'), signature: '【广东移动】', refusalNote: '拒收请回复R' }),
    createCallChannel(of('iop')),
  ];
  return {
    client,
    channels: new Map(channels.map((channel) => [channel.name as string, channel])),
    wecom: createWecomDesk(client),
    orderDesk: createOrderDesk(of('crm')),
    leadPool: createLeadPool(of('iop')),
    callbackBooks: new Map([
      ['sms', createCallbackBook('sms', of('sms'), parseSmsCallback)],
      ['crm', createCallbackBook('crm', of('crm'), parseCrmCallback)],
      ['iop', createCallbackBook('iop', of('iop'), parseIopCallback)],
    ] as const),
  };
}

type Listening = Awaited<ReturnType<typeof createFakeApi>>['app'];

/** Our API where the systems find it, until it goes down. */
async function openFront(app: Listening, sandbox: ReturnType<typeof trial>['sandbox']) {
  let server: Server | undefined;
  const listen = (port: number) =>
    new Promise<number>((resolve) => {
      const opened = app.listen(port, '127.0.0.1', () =>
        resolve((opened.address() as AddressInfo).port),
      );
      server = opened;
    });

  const port = await listen(0);
  sandbox.connect({ url: `http://127.0.0.1:${port}`, key: 'machine-key' });
  return {
    goUp: () => listen(port),
    async goDown(): Promise<void> {
      const open = server;
      server = undefined;
      open?.closeAllConnections();
      await new Promise((resolve) => (open ? open.close(resolve) : resolve(undefined)));
    },
  };
}
