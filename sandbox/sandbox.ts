// The sandbox: WeCom, SMS, CRM and IOP in one process, with simulated staff and customers, over HTTP.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { createBook } from './book';
import { createCarrier } from './carrier';
import { wallClock } from './clock';
import { controlRoutes } from './controls/routes';
import { crmRoutes } from './crm/routes';
import type { Deps } from './deps';
import { createFaults } from './faults';
import { createSerials } from './identity';
import { callRoutes } from './iop/calls';
import { leadRoutes } from './iop/leads';
import { createFileJournal, noJournal } from './journal';
import type { SandboxOptions, Sopflow } from './options';
import { createOutbox } from './outbox';
import { answerProblem } from './problem';
import { createRandom, type Random } from './random';
import { bearer, readBody } from './request';
import { smsRoutes } from './sms/routes';
import { openState } from './state';
import { systemFaults } from './systemFaults';
import { createTables } from './tables';
import { createTimers } from './timers';
import { toldRoutes } from './told';
import { wecomRoutes } from './wecom/routes';
import { restingWorld } from './world/options';
import { createWorld } from './world/world';

export interface Sandbox {
  readonly app: Express;
  /** Serves the app; port 0 takes any free one. Answers the base address. */
  listen(port: number, host?: string): Promise<string>;
  /** Says where sopflow is, when that was not known at the start. */
  connect(sopflow: Sopflow): void;
  /** Does what is due: reactions, the automatic world, call-backs. Happens of itself unless a clock was given. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

const TICK_MS = 50;
const WORLD = 'world';

export function createSandbox(options: SandboxOptions): Sandbox {
  const { deps, connect } = assemble(options);
  const world = createWorld(deps);
  const app = createApp(deps, {
    change(change) {
      const changed = { ...deps.world(), ...change };
      deps.state.world.set(WORLD, changed);
      return changed;
    },
    reset: () => deps.tables.clear(),
  });
  const servers = new Set<Server>();
  const tick = async (): Promise<void> => {
    deps.timers.run();
    deps.tables.atomically(() => world.run());
    await deps.outbox.run();
  };
  // Posts may take 5 s and are not waited for: the next round takes up what became due meanwhile.
  const pulse = options.clock ? undefined : setInterval(() => void tick(), TICK_MS);

  return {
    app,
    connect,
    tick,
    async listen(port, host = '127.0.0.1') {
      const server = createServer(app);
      servers.add(server);
      await new Promise<void>((resolve, reject) =>
        server.once('error', reject).listen(port, host, resolve),
      );

      return `http://${host}:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      clearInterval(pulse);
      await Promise.all([...servers].map(closeServer));
    },
  };
}

function assemble(options: SandboxOptions): { deps: Deps; connect: (sopflow: Sopflow) => void } {
  const clock = options.clock ?? wallClock;
  const tables = createTables(
    options.statePath === undefined ? noJournal : createFileJournal(options.statePath),
  );
  const state = openState(tables);
  const serials = createSerials(options.seed, clock, state.counters);
  const world = () => ({ ...restingWorld(options.seed), ...state.world.get(WORLD) });
  const random = createStreams(() => world().seed);
  const faults = createFaults({ faults: state.faults, serials, random: () => random('faults') });
  const timers = createTimers({ clock, tables, timers: state.timers, serials });
  const book = createBook({ clock, entries: state.book, serials });

  let target = options.sopflow ?? null;
  const sopflow = (): Sopflow | null => target;
  const outbox = createOutbox({
    ...{ clock, tables, serials, faults },
    parcels: state.parcels,
    told: state.told,
    carry: createCarrier({ options, clock, sopflow }),
    connected: () => target !== null,
  });

  const parts = { clock, state, tables, serials, timers, outbox, faults, book };
  return {
    deps: { options, ...parts, world, random, sopflow },
    connect(sopflow) {
      target = sopflow;
    },
  };
}

/** A stream of randomness per name, all begun anew when the seed changes. */
function createStreams(seedOf: () => number): (name: string) => Random {
  let seed = seedOf();
  const streams = new Map<string, Random>();

  return (name) => {
    if (seed !== seedOf()) {
      seed = seedOf();
      streams.clear();
    }
    const stream = streams.get(name) ?? createRandom(seed, name);
    streams.set(name, stream);
    return stream;
  };
}

function createApp(deps: Deps, world: Parameters<typeof controlRoutes>[1]): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(readBody);

  app.get('/', (_request, response) => {
    response.json({
      sandbox: 'sopflow',
      systems: ['/wecom', '/sms', '/crm', '/iop'],
      controls: '/sandbox',
      state: '/sandbox/state',
      book: '/sandbox/book',
    });
  });
  app.use('/wecom', wecomRoutes(deps));
  app.use('/sms', smsRoutes(deps), toldRoutes('sms', deps));
  app.use('/crm', crmRoutes(deps), toldRoutes('crm', deps));

  app.use(
    '/iop',
    bearer(deps.options.keys.iop),
    systemFaults('iop', deps),
    leadRoutes(deps),
    callRoutes(deps),
    toldRoutes('iop', deps),
  );
  app.use('/sandbox', controlRoutes(deps, world));
  app.use(answerProblem);

  return app;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections(); // a hanging fault must not hold the process
  await closed;
}
