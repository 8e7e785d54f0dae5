// Controls of the sandbox as a whole: leads, the world, faults, the book, its state, and starting over.

import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import { CodedError } from '../../rules/base/errors';
import { unixSeconds } from '../clock';
import type { Deps } from '../deps';
import { poolLead, shownLead } from '../iop/leads';
import { introduce } from '../people/introduce';
import { parse } from '../problem';
import { verification } from '../wecom/callback';
import { type WorldOptions, worldChange } from '../world/options';
import { customerControls } from './customers';
import { bookQuery, faultShape, leadShape, nothing, productsShape } from './shapes';
import { staffControls } from './staff';
import { summarise } from './summary';

const ECHO_TIMEOUT_MS = 1000;

/** What the controls need besides the shared parts. */
export interface WorldControls {
  change(change: Partial<WorldOptions>): WorldOptions;
  reset(): void;
}

export function controlRoutes(deps: Deps, world: WorldControls): Router {
  const router = Router();
  router.use(customerControls(deps), staffControls(deps));
  router.use(worldControls(deps, world), faultControls(deps), observations(deps));

  router.post('/leads', async (request, response) => {
    const lead = parse(leadShape, request.body);
    await introduce(deps, lead.contactId);
    response.status(201).json(shownLead(deps.tables.atomically(() => poolLead(deps, lead))));
  });

  router.put('/products\\:batch', (request, response) => {
    const { products } = parse(productsShape, request.body);
    deps.tables.atomically(() => {
      for (const product of products) deps.state.products.set(product.id, product);
    });
    response.json({ loaded: products.length });
  });

  router.post('/wecom\\:verify', async (request, response) => {
    parse(nothing, request.body);
    response.json(await verifyAddress(deps));
  });

  return router;
}

function worldControls(deps: Deps, world: WorldControls): Router {
  const router = Router();
  router.get('/world', (_request, response) => {
    response.json(deps.world());
  });

  router.post('/world', (request, response) => {
    const change = parse(worldChange, request.body);
    const named = Object.fromEntries(
      Object.entries(change).filter(([, value]) => value !== undefined),
    );
    response.json(deps.tables.atomically(() => world.change(named)));
  });

  router.post('/reset', (request, response) => {
    parse(nothing, request.body);
    world.reset();
    response.status(204).end();
  });

  return router;
}

function faultControls(deps: Deps): Router {
  const router = Router();
  router.post('/faults', (request, response) => {
    const fault = parse(faultShape, request.body);
    response.status(201).json(deps.tables.atomically(() => deps.faults.add(fault)));
  });

  router.get('/faults', (_request, response) => {
    response.json({ faults: deps.state.faults.all() });
  });

  router.delete('/faults', (_request, response) => {
    deps.tables.atomically(() => deps.faults.clear());
    response.status(204).end();
  });

  return router;
}

function observations(deps: Deps): Router {
  const router = Router();
  router.get('/book', (request, response) => {
    const since = instantOf(parse(bookQuery, request.query).since);
    const lines = deps.book.since(since).map((entry) => `${JSON.stringify(entry)}\n`);
    response.type('application/x-ndjson').send(lines.join(''));
  });

  router.get('/state', (_request, response) => {
    response.json(summarise(deps));
  });

  return router;
}

/** An ISO instant or milliseconds since the epoch; absent: from the beginning. */
function instantOf(since: string | undefined): number {
  if (since === undefined || since === '') return 0;

  const at = /^\d+$/.test(since) ? Number(since) : Date.parse(since);
  if (!Number.isFinite(at))
    throw new CodedError('INVALID_INPUT', 'since is no instant', [
      {
        path: 'since',
        message: 'not an instant',
        value: since,
        allowed: 'ISO 8601 with offset, or milliseconds since the epoch',
      },
    ]);

  return at;
}

/** What WeCom's console does before it accepts a callback address. */
async function verifyAddress(deps: Deps): Promise<{ readonly ok: boolean; readonly why?: string }> {
  const sopflow = deps.sopflow();
  if (!sopflow) throw new CodedError('UNAVAILABLE', 'the sandbox was not told where sopflow is');

  const echo = randomBytes(8).readBigUInt64BE().toString();
  const query = verification(deps.options.wecom, echo, {
    timestamp: String(unixSeconds(deps.clock.now())),
    nonce: randomBytes(8).toString('hex'),
  });

  try {
    const answer = await fetch(`${sopflow.url}/wecom/callback?${query}`, {
      signal: AbortSignal.timeout(ECHO_TIMEOUT_MS),
    });
    const text = await answer.text();

    return answer.status === 200 && text === echo
      ? { ok: true }
      : {
          ok: false,
          why: `status ${answer.status}, ${text.length} characters instead of the echo`,
        };
  } catch (error) {
    return {
      ok: false,
      why: `no answer within ${ECHO_TIMEOUT_MS} ms: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
