// The seals of the ledger over HTTP: have the hours that are over sealed, and take the seals away.

import { Readable } from 'node:stream';
import { z } from 'zod';
import { CodedError } from '../../rules/base/errors';
import { utc } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import { hourOf, hoursLater, sealableUntil } from '../../rules/ledger/seal/seal';
import * as answers from '../answers';
import { endpoint } from '../exchange';

const LATEST = 'latest';

export const sealNow = endpoint({
  summary: ['立即封存台账中已结束的小时', 'Seals the hours of the ledger that are over'],
  everyCity: true,
  answer: z.object({ due: z.string().nullable() }),
  async handle({ deps: { stores, engine, clock } }) {
    const until = sealableUntil(clock.now());
    const due = (await hasRowsBefore(stores.touches, until)) ? hoursLater(until, -1) : null;
    if (due !== null) await engine.sealNow();

    return { status: 202, body: { due } };
  },
});

async function hasRowsBefore(
  touches: { export(): AsyncIterable<{ readonly at: string }> },
  until: string,
): Promise<boolean> {
  for await (const { at } of touches.export()) return hourOf(at) < until;
  return false;
}

export const sealOfHour = endpoint({
  summary: ['某小时（或 latest）的封存', 'The seal of an hour, or the latest'],
  everyCity: true,
  answer: answers.anything,
  async handle({ deps: { stores }, params: { hour = LATEST } }) {
    const seal = hour === LATEST ? stores.seals.latest() : stores.seals.find(hour);
    const found = await seal;
    if (!found) throw new CodedError('NOT_FOUND', `no seal of ${hour}`);

    return { body: found };
  },
});

export const exportSeals = endpoint({
  summary: ['导出台账封存（JSONL，按小时）', 'The seals of the ledger as JSONL, hour by hour'],
  everyCity: true,
  query: strict({
    /** Only hours after this one. */
    after: utc.exactOptional(),
  }),
  answerType: 'application/x-ndjson',
  handle: ({ deps: { stores }, query: { after } }) => ({
    type: 'application/x-ndjson',
    stream: Readable.from(lines(stores.seals.export(after))),
  }),
});

async function* lines(sealed: AsyncIterable<object>): AsyncIterable<string> {
  for await (const line of sealed) yield `${JSON.stringify(line)}\n`;
}
