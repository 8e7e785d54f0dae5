import { suggest } from '../../rules/catalogue/catalogue';
import { readCatalogue } from '../../rules/catalogue/catalogue.schema';
import { readTemplateBody } from '../../rules/catalogue/library.schema';
import { render } from '../../rules/catalogue/message';
import { openPromotions } from '../../rules/catalogue/search';
import { checkText } from '../../rules/catalogue/textCheck';
import { textOn, textsOf } from '../../rules/catalogue/texts';
import { importRow } from '../../rules/contact/contact.schema';
import { decide, preparePolicy } from '../../rules/gate/gate';
import { parseWith } from '../../rules/input/parse';
import { standingUses, unfitFor } from '../../rules/journey/textFit';
import { parsePolicy } from '../../rules/policy/policy.schema';
import { HOUR_MS } from '../../rules/time/durations';
import { demoPolicy } from './policy';
import { createProvince } from './province';

const province = createProvince(1);
const share = (holds: (customer: (typeof province.customers)[number]) => boolean) =>
  province.customers.filter(holds).length / province.customers.length;

describe('the demo province', () => {
  it('welcomes who adds a member at any hour of its policy', () => {
    const now = '2026-03-02T04:00:00.000Z';
    const policy = preparePolicy(demoPolicy(now), {});
    const contact = {
      contactId: 'c-1',
      channels: { wecom: { reachable: true } },
      quietHours: { from: '22:00', to: '22:00' },
    };
    for (let hour = 0; hour < 24; hour++) {
      const at = new Date(Date.parse(now) + hour * HOUR_MS).toISOString();
      const welcome = { touchId: 't', at, channel: 'wecom', class: 'reply' } as const;
      expect(decide(policy, contact, welcome).verdict).toBe('pass');
    }
  });

  it('is the same for a seed and another for another', () => {
    expect(createProvince(1)).toEqual(province);
    expect(createProvince(2).customers[0]).not.toEqual(province.customers[0]);
  });

  it('is made of rows that the API takes', () => {
    for (const row of province.customers) expect(() => parseWith(importRow, row, '')).not.toThrow();
    expect(() => readCatalogue(province.catalogue, '')).not.toThrow();
    for (const body of Object.values(province.templates)) {
      expect(() => readTemplateBody(body, '')).not.toThrow();
      for (const { text, path } of textsOf(body))
        expect(() => checkText(text, { path, signature: '【广东移动】' })).not.toThrow();
    }
  });

  it('opens five promotions to its cities, two of which suit a call', () => {
    const { promotions = [] } = province.catalogue;
    const place = { date: '2026-03-02' };
    expect(openPromotions(province.catalogue, place)).toHaveLength(promotions.length);
    const onCalls = openPromotions(province.catalogue, { ...place, channel: 'call' });
    expect([promotions.length, onCalls.length]).toEqual([5, 2]);
    for (const { city } of province.customers.slice(0, 50))
      expect(openPromotions(province.catalogue, { ...place, city })).not.toEqual([]);
  });

  it('has the proportions of the trade', () => {
    expect(province.customers).toHaveLength(5000);
    expect(province.staff).toHaveLength(60);
    expect(share((row) => row.payType === 'prepaid')).toBeCloseTo(0.85, 1);
    expect(share((row) => (row.plan?.fee ?? 0) < 29)).toBeCloseTo(0.87, 1);
    expect(share((row) => (row.relations?.length ?? 0) > 0)).toBeCloseTo(0.6, 1);
    expect(share((row) => suggest(province.catalogue, row) !== null)).toBeGreaterThan(0.3);
    expect(province.catalogue.products.filter((product) => product.kind === 'plan')).toHaveLength(
      12,
    );
  });

  it('gives nobody the phone, union id or WeCom id of another', () => {
    for (const key of ['contactId', 'phone', 'unionId'] as const)
      expect(new Set(province.customers.map((row) => row[key])).size).toBe(5000);
    const ties = province.customers.flatMap((row) => row.relations ?? []);
    expect(new Set(ties.map((tie) => tie.externalUserId)).size).toBe(ties.length);
  });

  it('says how to refuse in every marketing text message, and greets people whose name is not known', () => {
    for (const [id, body] of Object.entries(province.templates)) {
      const sms = textOn(body, 'sms');
      if (sms !== null && body.class === 'marketing') expect(sms).toMatch(/拒收请回复R$/);
      if (id.startsWith('welcome') || id.startsWith('follow-up'))
        expect(render(textOn(body, 'wecom') ?? '', {}, { maxBytes: 4000 })).toContain('好');
    }
  });

  it('has every text that its journeys may need, on every channel they may speak on', () => {
    for (const [id, body] of Object.entries(province.templates))
      for (const use of standingUses(id)) expect(unfitFor(use, { ref: id, body })).toEqual([]);
  });
});

describe('the demo policy', () => {
  it.each(Array.from({ length: 24 }, (_, hour) => hour))(
    'is valid and lets marketing through when loaded at %i:30 UTC',
    (hour) => {
      const at = `2026-03-03T${String(hour).padStart(2, '0')}:30:00.000Z`;
      const policy = preparePolicy(parsePolicy(demoPolicy(at)), {});
      const contact = { contactId: 'c-1', channels: { wecom: { reachable: true } } };
      const verdicts = [0, 4, 8].map((hours) => {
        const later = new Date(Date.parse(at) + hours * HOUR_MS).toISOString();
        return decide(policy, contact, {
          touchId: 't',
          at: later,
          channel: 'wecom',
          class: 'marketing',
        }).verdict;
      });
      expect(verdicts).toEqual(['pass', 'pass', 'pass']);
    },
  );
});
