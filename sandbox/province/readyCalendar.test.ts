// The ready calendar of a month, against what the demo province sells and says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCalendarFile } from '../../bin/calendarYaml';
import { chineseHolidays } from '../../models/chineseHolidays';
import { createAudienceCount } from '../../rules/calendar/audienceCount';
import { planFaults, planHints } from '../../rules/calendar/faults';
import { calendarHolidayWarnings } from '../../rules/calendar/holidayWarnings';
import type { PlannedSlot } from '../../rules/calendar/plan';
import { readPlan } from '../../rules/calendar/plan.schema';
import { slotFaults } from '../../rules/calendar/slotFaults';
import { suggest } from '../../rules/catalogue/catalogue';
import type { Profile } from '../../rules/contact/contact';
import { createMatcher, type Matcher } from '../../rules/trigger/matcher';
import { createProvince } from './province';

const file = readFileSync(join(__dirname, '../../docs/ready/month-start.yaml'), 'utf8');
const { id, body } = readCalendarFile(file);
const plan = readPlan(body, id, '');
const { catalogue, templates, customers } = createProvince(1);
const tables = { holidays: chineseHolidays(), blackouts: { blackouts: [] } };
const references = {
  ...{ catalogue, pinnedCatalogues: new Map(), templates: new Map(Object.entries(templates)) },
  templateIds: Object.keys(templates),
};

const slotOf = (slotId: string): PlannedSlot => {
  const slot = plan.slots.find((each) => each.id === slotId);
  if (!slot) throw new Error(`no slot ${slotId}`);
  return slot;
};
const matcherOf = (slotId: string): Matcher => createMatcher(slotOf(slotId).audience ?? {});
const withFacts = (contact: Profile, facts: object): Profile => ({
  ...contact,
  facts: { ...contact.facts, ...facts },
});

describe('the ready calendar of a month', () => {
  it('may be approved on the demo as it is, and has a phase for every day', () => {
    const dates = { tables, from: '2026-12-01', to: '2026-12-31' };
    expect(slotFaults(plan, references, dates)).toEqual([]);
    expect(planFaults(plan)).toEqual([]);
    expect(planHints(plan)).toEqual([]);
    expect(calendarHolidayWarnings(plan, tables, '2026-12-01', '2026-12-31')).toEqual([]);
  });

  it('warns of nothing but the reminders, which reach nobody before anybody has opened a link', () => {
    const count = createAudienceCount(plan, references);
    for (const customer of customers) count.add(customer);
    expect(count.hints().map(({ slot, kind }) => [slot, kind])).toEqual([
      ['remind', 'reaches-nobody'],
      ['data-remind', 'reaches-nobody'],
    ]);
  });

  it('gives a run to exactly those friends whom the migration map leads to 58 and 88', () => {
    const [to58, to88] = [matcherOf('upsell-58'), matcherOf('upsell-88')];
    const [sms58, sms88] = [matcherOf('offer-58'), matcherOf('offer-88')];
    let runs = 0;

    for (const customer of customers) {
      const to = customer.personalisation === false ? null : suggest(catalogue, customer)?.to;
      const isFriend = customer.channels?.wecom?.reachable === true;
      const found = [to58(customer), to88(customer), sms58(customer), sms88(customer)];
      const [is58, is88] = [to === 'plan-58', to === 'plan-88'];
      expect(found).toEqual([
        isFriend && is58,
        isFriend && is88,
        !isFriend && is58,
        !isFriend && is88,
      ]);
      runs += isFriend && (is58 || is88) ? 1 : 0;
    }
    expect(runs).toBeGreaterThan(100);
  });

  it('tells everybody the balance once: in the wave, or in the run', () => {
    const inWave = matcherOf('balance');
    const inRun = ['upsell-58', 'upsell-88'].map(matcherOf);
    for (const customer of customers)
      expect([inWave, ...inRun].filter((matches) => matches(customer))).toHaveLength(1);
  });

  it('reminds who opened and did not order, and nobody whom a run reminds', () => {
    const [remind, inRun] = [matcherOf('remind'), matcherOf('upsell-58')];
    const known = customers.filter(({ personalisation }) => personalisation !== false);
    const opened = known.map((each) => withFacts(each, { openedCampaign: 'month-offer' }));

    for (const customer of opened) {
      const isSmaller = (customer.plan?.fee ?? 0) < 58;
      const isRun = inRun(customer) || matcherOf('upsell-88')(customer);
      expect(remind(customer)).toBe(isSmaller && !isRun);
      expect(remind(withFacts(customer, { openedCampaign: 'data-pack' }))).toBe(false);
    }

    const data = matcherOf('data-remind');
    const [customer] = known;
    if (!customer) throw new Error('nobody');
    const looked = withFacts(customer, { openedCampaign: 'data-pack', products: ['rights-video'] });
    expect(data(looked)).toBe(true);
    expect(data(withFacts(looked, { products: ['data-3g'] }))).toBe(false);
  });

  it('carries in every link the campaign of its own slot, and reminds of campaigns that exist', () => {
    const campaigns = plan.slots.map(({ touch }) => touch.campaign);
    for (const { touch } of plan.slots) {
      const text = JSON.stringify(templates[touch.template ?? ''] ?? {});
      for (const [, campaign] of text.matchAll(/[?&]c=([\w-]+)/g))
        expect(campaign).toBe(touch.campaign);
    }
    for (const asked of ['month-balance', 'month-offer', 'data-pack'])
      expect(campaigns).toContain(asked);
  });
});
