// A sandbox under test: a clock moved by hand, a sopflow that only listens, and short ways to ask for things.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import request from 'supertest';
import type { SandboxOptions } from './options';
import { createSandbox } from './sandbox';

export const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
export const TOKEN = 'sandboxToken1';
/** A Tuesday morning in China. */
export const START = Date.parse('2026-03-03T02:00:00.000Z');

interface Heard {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Listener {
  readonly url: string;
  readonly heard: Heard[];
  /** Statuses of the next answers; 200 when there are none. Null: no answer, the connection breaks. */
  readonly answers: (number | null)[];
  /** Contacts it knows, by id; what is patched is merged in. */
  readonly cards: Map<string, object>;
  close(): Promise<void>;
}

/** A stand-in for sopflow that keeps what it was sent. */
export async function listen(): Promise<Listener> {
  const kept: Kept = { heard: [], answers: [], cards: new Map() };
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    incoming.on('end', () => answer(kept, incoming, body, response));
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...kept,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Kept = Pick<Listener, 'heard' | 'answers' | 'cards'>;

function answer(
  { heard, answers, cards }: Kept,
  { url: path = '/', method, headers }: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const url = new URL(path, 'http://localhost');
  const contactId = /^\/api\/v1\/contacts\/(.+)$/.exec(url.pathname)?.[1];
  if (contactId !== undefined) {
    const card = cards.get(contactId);
    if (card && method === 'PATCH') cards.set(contactId, { ...card, ...JSON.parse(body) });
    response.writeHead(card ? 200 : 404).end(JSON.stringify({ contact: card }));
    return;
  }

  heard.push({ path: url.pathname, query: url.searchParams, headers, body });
  const status = answers.length > 0 ? answers.shift() : 200;
  if (status === null || status === undefined) response.destroy();
  else response.writeHead(status).end();
}

export function trial(options: Partial<SandboxOptions> = {}) {
  const time = { now: START };
  const sandbox = createSandbox({
    seed: 7,
    wecom: { ...CORP, agentId: 1000002, token: TOKEN, encodingAesKey: KEY },
    keys: { sms: 'sms-key', crm: 'crm-key', iop: 'iop-key' },
    webhookSecrets: { sms: 'sms-secret', crm: 'crm-secret', iop: 'iop-secret' },
    clock: { now: () => time.now },
    ...options,
  });

  const { app } = sandbox;
  return {
    sandbox,
    app,
    time,
    /** Moves the clock and lets what is due happen. */
    async pass(ms: number): Promise<void> {
      time.now += ms;
      await sandbox.tick();
    },
    control: async (path: string, body: object = {}) =>
      (await request(app).post(`/sandbox/${path}`).send(body)).body,
    ...wecomCalls(app),
    /** A call of SMS, CRM or IOP with its key. */
    call: (method: 'get' | 'post' | 'delete', path: string, body?: object) =>
      request(app)
        [method](path)
        .set('authorization', `Bearer ${path.split('/')[1]}-key`)
        .send(body),
    book: () => readBook(app),
  };
}

const CORP = { corpId: 'wwcorp1', corpSecret: 'secret-1' };

/** Calls of WeCom, each with a token of its own asking. */
function wecomCalls(app: Express) {
  const token = async (): Promise<string> => {
    const asked = { corpid: CORP.corpId, corpsecret: CORP.corpSecret };
    return (await request(app).get('/wecom/cgi-bin/gettoken').query(asked)).body.access_token;
  };

  return {
    token,
    wecom: async (path: string, body: object = {}) => {
      const query = { access_token: await token() };
      return (await request(app).post(`/wecom/cgi-bin/${path}`).query(query).send(body)).body;
    },
    read: async (path: string, more: object = {}) => {
      const query = { access_token: await token(), ...more };
      return (await request(app).get(`/wecom/cgi-bin/${path}`).query(query)).body;
    },
  };
}

async function readBook(app: Express): Promise<Record<string, string>[]> {
  const { text } = await request(app).get('/sandbox/book').buffer(true).parse(asText);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function asText(
  response: request.Response,
  done: (error: Error | null, text: string) => void,
): void {
  let text = '';
  const stream = response as unknown as NodeJS.ReadableStream; // supertest hands its parser the raw stream
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    text += chunk;
  });
  stream.on('end', () => {
    response.text = text;
    done(null, text);
  });
}
