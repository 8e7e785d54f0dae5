// How long it takes to rehearse the ready calendar of a month, contact by contact, and how much memory that needs.

import { readyCalendar } from '../embedded/readyCalendar';
import { createMemoryStores } from '../models/memory/stores';
import type { Stores } from '../ports/stores';
import { previewCalendar } from '../rehearsal/preview';
import { readPlan } from '../rules/calendar/plan.schema';
import { CHANNEL_NAMES } from '../rules/contact/contact';
import { demoPolicy } from '../sandbox/province/policy';
import { createProvince, type Province } from '../sandbox/province/province';
import { type Figure, type Part, stopwatch } from './part';

const NOW = '2026-12-01T00:00:00.000Z';
const DATES = { from: '2026-12-01', to: '2026-12-31' };
const SIZES = [5_000, 100_000];
const BATCH = 500;

export const previewPart: Part = async ({ seed, log }) => {
  const province = createProvince(seed);
  const figures: Figure[] = [];
  for (const contacts of SIZES) figures.push(...(await measured(province, contacts, log)));
  return figures;
};

async function measured(
  province: Province,
  contacts: number,
  log: (line: string) => void,
): Promise<readonly Figure[]> {
  const stores = createMemoryStores();
  await fill(stores, province, contacts);
  const { id, version } = await drafted(stores);
  log(`${contacts} contacts are loaded`);

  const watch = stopwatch();
  const { report } = await previewCalendar(
    { calendarId: id, version, ...DATES, author: 'bench' },
    {
      stores,
      channels: CHANNEL_NAMES.map((name) => ({ name, maxBytes: 4000 })),
      clock: { now: () => Date.parse(NOW) },
      signal: new AbortController().signal,
      progress: () => {},
    },
  );
  const { wall, cpu } = watch.stop();

  const name = `a month of ${contacts} contacts`;
  const rss = process.resourceUsage().maxRSS / 1024;
  return [
    { name: `${name}: occurrences`, value: report.occurrences, unit: '' },
    { name, value: round(wall), unit: 's' },
    { name: `${name}: CPU`, value: round(cpu), unit: 's' },
    { name: `${name}: peak memory of the process`, value: Math.round(rss), unit: 'MB' },
  ];
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

/** The customers of the demo, as often as it takes. */
async function fill(stores: Stores, province: Province, contacts: number): Promise<void> {
  const { customers, templates, catalogue } = province;
  const put = async (
    library: 'templates' | 'catalogues' | 'policies',
    id: string,
    body: object,
  ) => {
    const into = stores[library] as Stores['policies'];
    await into.draft(id, body as never, 'bench', NOW);
    await into.publish(id, 1, 'bench', NOW);
  };
  for (const [id, body] of Object.entries(templates)) await put('templates', id, body);
  await put('catalogues', 'default', catalogue);
  await put('policies', 'default', demoPolicy(NOW));

  for (let from = 0; from < contacts; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, contacts - from) }, (_, i) => {
      const place = from + i;
      const customer = customers[place % customers.length];
      if (!customer) throw new Error('no customers');
      const phone = `+86199${String(place).padStart(8, '0')}`;
      const { unionId: _union, relations = [], ...known } = customer;
      const friends = (relations ?? []).map((relation) => ({
        ...relation,
        externalUserId: `wm-${place}-${relation.staffId}`,
      }));
      return { ...known, contactId: `c-${place}`, phone, relations: friends };
    });
    await stores.contacts.upsertMany(rows, NOW);
  }
}

async function drafted(stores: Stores): Promise<{ readonly id: string; readonly version: number }> {
  const { id, body } = readyCalendar();
  const { version } = await stores.calendars.draft(id, readPlan(body, id, ''), 'bench', NOW);
  return { id, version };
}
