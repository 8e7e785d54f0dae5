// Whether the process lives, whether it can work, and what it measures.

import { z } from 'zod';
import { endpoint } from '../exchange';

/** A probe that takes longer counts as away. */
const PROBE_MS = 3000;

export const alive = endpoint({
  summary: ['存活', 'The process lives'],
  answer: z.object({ status: z.literal('ok') }),
  handle: () => ({ body: { status: 'ok' } }),
});

export const ready = endpoint({
  summary: ['就绪：指出哪个依赖不可用', 'Ready to work, or which dependency is away'],
  answer: z.object({
    status: z.enum(['ready', 'away']),
    dependencies: z.record(z.string(), z.enum(['up', 'away'])),
  }),
  async handle({ deps }) {
    const names = Object.keys(deps.probes);
    const up = await Promise.all(Object.values(deps.probes).map(answers));
    const dependencies = Object.fromEntries(names.map((name, i) => [name, up[i] ? 'up' : 'away']));
    const all = up.every(Boolean);

    return {
      status: all ? 200 : 503,
      body: { status: all ? 'ready' : 'away', dependencies },
      ...(!all && { headers: { 'Retry-After': '5' } }),
    };
  },
});

export const metrics = endpoint({
  summary: ['Prometheus 指标', 'Figures for Prometheus'],
  answerType: 'text/plain',
  async handle({ deps }) {
    const { type, text } = await deps.metrics.render();
    return { type, body: text };
  },
});

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
