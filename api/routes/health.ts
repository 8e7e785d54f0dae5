// Whether the process lives, whether it can work, and what it measures.

import { z } from 'zod';
import type { ApiDeps } from '../deps';
import { endpoint } from '../exchange';
import { assertBearer } from '../middleware/auth';

/** A probe that takes longer counts as away. */
const PROBE_MS = 3000;

export const alive = endpoint({
  summary: ['存活', 'The process lives'],
  answer: z.object({ status: z.literal('ok') }),
  handle: () => ({ body: { status: 'ok' } }),
});

/** A system that keeps what asks it waiting. */
const refusing = z.object({
  system: z.string(),
  code: z.string(),
  fault: z.enum(['ours', 'theirs']),
  since: z.string(),
  times: z.number(),
});

/**
 * `degraded` is answered with 200: to take the API out of service would turn away call-backs and mend nothing, for what waits is
 * safe where it waits.
 */
export const ready = endpoint({
  summary: [
    '就绪：指出哪个依赖不可用、哪个系统在拒绝我们',
    'Ready to work, or which dependency is away and which system refuses us',
  ],
  answer: z.object({
    status: z.enum(['ready', 'degraded', 'away']),
    dependencies: z.record(z.string(), z.enum(['up', 'away'])),
    systems: z.array(refusing),
  }),
  async handle({ deps }) {
    const names = Object.keys(deps.probes);
    const up = await Promise.all(Object.values(deps.probes).map(answers));
    const dependencies = Object.fromEntries(names.map((name, i) => [name, up[i] ? 'up' : 'away']));
    const all = up.every(Boolean);
    const systems = all ? await refusingSystems(deps) : [];
    const works = systems.length === 0 ? 'ready' : 'degraded';

    return {
      status: all ? 200 : 503,
      body: { status: all ? works : 'away', dependencies, systems },
      ...(!all && { headers: { 'Retry-After': '5' } }),
    };
  },
});

export const metrics = endpoint({
  summary: ['Prometheus 指标', 'Figures for Prometheus'],
  answerType: 'text/plain',
  async handle({ deps, headers }) {
    if (deps.metricsKey !== undefined) assertBearer(deps.metricsKey, headers.authorization);
    const { type, text } = await deps.metrics.render();
    return { type, body: text };
  },
});

/** Known by what all servers and workers have met; the probe does not hang on it. */
async function refusingSystems({ stores }: ApiDeps): Promise<readonly z.infer<typeof refusing>[]> {
  const conditions = await stores.conditions.list().catch(() => []);
  return conditions.map(({ system, code, fault, since, times }) => ({
    system,
    code,
    fault,
    since,
    times,
  }));
}

/** A failing probe is the answer here, not an error. */
async function answers(probe: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PROBE_MS);
  });

  try {
    return await Promise.race([
      probe().then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
