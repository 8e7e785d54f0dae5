// A system on a real socket that answers as a test tells it, also by hanging or by breaking off.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StubCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The JSON that came, or undefined. */
  readonly body: unknown;
}

export interface StubAnswer {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes the request and never answers. */
  readonly hang?: boolean;
  /** Breaks the connection in the middle of the answer. */
  readonly cut?: boolean;
}

export async function startStub(answer: (call: StubCall) => StubAnswer) {
  const calls: StubCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://stub');
      const text = Buffer.concat(chunks).toString();
      const call: StubCall = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
      calls.push(call);
      const { status = 200, json, text: raw, headers = {}, hang, cut } = answer(call);
      if (hang) return;
      const body = raw ?? (json === undefined ? '' : JSON.stringify(json));
      response.writeHead(status, {
        ...headers,
        ...(cut && { 'content-length': String(body.length + 100) }),
      });
      if (!cut) return response.end(body);
      response.write(body, () => response.destroy());
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an address of this kind
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
