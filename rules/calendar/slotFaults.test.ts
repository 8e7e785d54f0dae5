import fc from 'fast-check';
import type { Catalogue, Product } from '../catalogue/catalogue';
import { segmentMatcher } from '../catalogue/segment';
import type { Template } from '../catalogue/texts';
import { createMatcher } from '../trigger/matcher';
import { outsiderOf } from './outsider';
import type { CalendarPlan, PlannedSlot } from './plan';
import { type PlanReferences, wantedReferences } from './references';
import { slotFaults } from './slotFaults';

const product: Product = { id: 'p-58', name: '58 元', kind: 'plan', fee: 58, onShelf: true };
const opening = { channels: ['wecom', 'sms'], easyRecommendIndex: 80 } as const;
const promotion = { id: 'promo', name: '翻倍', product: 'p-58', openings: [opening] };

const catalogue: Catalogue = {
  products: [product, { ...product, id: 'p-8', onShelf: false }],
  migrations: [],
  promotions: [promotion],
  scenes: [{ id: 'balance', name: '查话费', scripts: [] }],
  materials: [{ id: 'm-1', kind: 'text', name: '文', text: '您好' }],
};

const template = { class: 'marketing', texts: { wecom: '您好', sms: '您好' } } as const;

const references: PlanReferences = {
  catalogue,
  pinnedCatalogues: new Map([[2, catalogue]]),
  templates: new Map<string, Template>([
    ['t-58', template],
    ['t-58@1', template],
    ['t-sms', { class: 'service', channel: 'sms', text: '您好' }],
    ['t-offer', { class: 'marketing', channel: 'wecom', text: '为您推荐{{productName}}' }],
  ]),
  templateIds: ['t-58', 't-sms', 't-offer'],
};

const JUDGED = {
  tables: { holidays: { days: {}, names: {} }, blackouts: { blackouts: [] } },
  from: '2026-03-01',
  to: '2026-03-31',
};

interface SlotFields extends Partial<Omit<PlannedSlot, 'touch'>> {
  readonly touch?: Partial<PlannedSlot['touch']>;
}

const planWith = ({ touch, ...slot }: SlotFields, cities?: readonly string[]): CalendarPlan => ({
  ...{ id: 'cal', version: 1, timezone: 'Asia/Shanghai', cities },
  slots: [
    {
      ...{ id: 's', anchor: { kind: 'monthDay', day: 10 }, at: '10:00' },
      touch: { channel: 'wecom', class: 'marketing', template: 't-58', ...touch },
      ...slot,
    },
  ],
});

const faultsOf = (
  slot: SlotFields,
  { cities, ...changed }: Partial<PlanReferences> & { readonly cities?: readonly string[] } = {},
) =>
  slotFaults(planWith(slot, cities), { ...references, ...changed }, JUDGED).map(
    ({ path, value, fault }) => ({ path: path.replace('slots[0].', ''), value, ...fault }),
  );

const withProduct = (fields: Partial<Product>) => ({
  catalogue: { ...catalogue, products: [{ ...product, ...fields }] },
});

describe('what a slot refers to', () => {
  it('may be all in force, or pinned', () => {
    const delivery = { promotion: 'promo', scene: 'balance', materials: ['m-1'] };
    const touch = { product: 'p-58' };
    expect(faultsOf({ touch, delivery })).toEqual([]);
    const pinned = { promotion: 'promo@2', scene: 'balance@2', materials: ['m-1@2'] };
    const pinnedTouch = { product: 'p-58@2', template: 't-58@1' };
    expect(faultsOf({ touch: pinnedTouch, delivery: pinned })).toEqual([]);
  });

  it('is named where nothing has that id, with the nearest', () => {
    const delivery = { promotion: 'proma', scene: 'x-y-z', materials: ['m-1', 'm-2'] };
    expect(faultsOf({ touch: { product: 'p58', template: 't-59' }, delivery })).toEqual([
      { path: 'touch.product', value: 'p58', kind: 'unknown', noun: 'product', nearest: 'p-58' },
      {
        ...{ path: 'delivery.promotion', value: 'proma', kind: 'unknown', noun: 'promotion' },
        nearest: 'promo',
      },
      { path: 'delivery.scene', value: 'x-y-z', kind: 'unknown', noun: 'scene', nearest: null },
      {
        ...{ path: 'delivery.materials[1]', value: 'm-2', kind: 'unknown', noun: 'material' },
        nearest: 'm-1',
      },
      { path: 'touch.template', value: 't-59', kind: 'unknown', noun: 'template', nearest: 't-58' },
    ]);
  });

  it('is unknown where no catalogue is published', () => {
    const found = faultsOf({ touch: { product: 'p-58' } }, { catalogue: null });
    expect(found).toMatchObject([{ kind: 'unknown', noun: 'product', nearest: null }]);
  });

  it('is refused where the pinned version is not published, or the one in force has it no more', () => {
    expect(faultsOf({ touch: { product: 'p-58@9', template: 't-58@9' } })).toMatchObject([
      { kind: 'unknown-version', noun: 'catalogue', version: 9 },
      { kind: 'unknown-version', noun: 'template', version: 9 },
    ]);
    const gone = { catalogue: { products: [], migrations: [] } };
    expect(faultsOf({ touch: { product: 'p-58@2' } }, gone)).toMatchObject([
      { kind: 'withdrawn', noun: 'product' },
    ]);
  });

  it('is read once each before it is judged', () => {
    const delivery = { promotion: 'promo@2', materials: ['m-1@3', 'm-2'] };
    const plan = planWith({ touch: { product: 'p-58@2' }, delivery });
    expect(wantedReferences(plan)).toEqual({ catalogueVersions: [2, 3], templates: ['t-58'] });
  });
});

describe('the product of a slot', () => {
  it('is on the shelf, in the catalogue in force, whatever a pinned version says', () => {
    const offShelf = { path: 'touch.product', kind: 'off-shelf', name: '58 元' };
    expect(faultsOf({ touch: { product: 'p-8' } })).toMatchObject([{ kind: 'off-shelf' }]);
    const found = faultsOf({ touch: { product: 'p-58@2' } }, withProduct({ onShelf: false }));
    expect(found).toMatchObject([offShelf]);
  });

  it('is for everybody of the audience, else somebody is named for whom it is not', () => {
    const touch = { product: 'p-58' };
    const segments = [{ brands: ['globe'], condition: { 'plan.fee': { $lt: 58 } } }];
    const eligible = withProduct({ segments });
    const inside = { brand: 'globe', 'plan.fee': { $lt: 50 } };
    expect(faultsOf({ touch, audience: inside }, eligible)).toEqual([]);
    expect(faultsOf({ touch, audience: { brand: 'globe' } }, eligible)).toMatchObject([
      { path: 'touch.product', kind: 'not-eligible', segments, example: { brand: 'globe' } },
    ]);
    expect(faultsOf({ touch }, eligible)).toMatchObject([{ kind: 'not-eligible' }]);
  });
});

describe('the promotion of a slot', () => {
  const closedIn = (
    changed: Partial<{ city: string; from: string; to: string; channels: readonly ['sms'] }>[],
    slot: SlotFields = {},
    cities: readonly string[] | undefined = ['gz', 'qy', 'yf'],
  ) => {
    const openings = changed.map((fields) => ({ ...opening, ...fields }));
    const offered = { ...catalogue, promotions: [{ ...promotion, openings }] };
    const delivery = { promotion: 'promo', ...slot.delivery };
    return faultsOf({ ...slot, delivery }, { catalogue: offered, ...(cities && { cities }) });
  };

  it('is open in every city of its calendar', () => {
    expect(closedIn([{}])).toEqual([]);
    expect(closedIn([{ city: 'gz' }])).toMatchObject([
      { path: 'delivery.promotion', kind: 'closed-city', cities: ['qy', 'yf'], open: ['gz'] },
    ]);
  });

  it('is open in all others, too, where the calendar is of all cities', () => {
    const slots = planWith({ delivery: { promotion: 'promo' } });
    const openings = [{ ...opening, city: 'gz' }];
    const offered = { ...catalogue, promotions: [{ ...promotion, openings }] };
    const [fault] = slotFaults(slots, { ...references, catalogue: offered }, JUDGED);
    expect(fault?.fault).toEqual({ kind: 'closed-city', cities: [null], open: ['gz'] });
  });

  it('is open for its channel and its fallbacks', () => {
    const onlySms = { city: 'gz', channels: ['sms'] as const };
    expect(closedIn([onlySms, {}])).toMatchObject([
      { kind: 'closed-channel', cities: ['gz'], channel: 'wecom', open: ['sms'] },
    ]);
    expect(closedIn([{}], { delivery: { fallback: ['call'] } })).toMatchObject([
      { path: 'delivery.fallback[0]', kind: 'closed-channel', channel: 'call' },
      { path: 'delivery.fallback[0]', kind: 'no-text', channel: 'call' },
    ]);
  });

  it('is open on every date on which anybody is due, blackouts counted', () => {
    expect(closedIn([{ from: '2026-03-10', to: '2026-03-10' }])).toEqual([]);
    expect(closedIn([{ to: '2026-03-10' }], { spanDays: 3 })).toMatchObject([
      { kind: 'closed-date', cities: ['gz', 'qy', 'yf'], date: '2026-03-11', to: '2026-03-10' },
    ]);
    const billDay = { anchor: { kind: 'billDay' } } as const;
    expect(closedIn([{ from: '2026-03-02' }], billDay)).toMatchObject([
      { kind: 'closed-date', date: '2026-03-01' },
    ]);
  });

  it('sells the product that the slot names', () => {
    const delivery = { promotion: 'promo' };
    expect(faultsOf({ touch: { product: 'p-8' }, delivery })).toContainEqual({
      ...{ path: 'delivery.promotion', value: 'promo', kind: 'promotes-another', product: 'p-58' },
    });
  });
});

describe('the text of a slot', () => {
  it('is there, unless a journey has its own', () => {
    const none = { template: undefined };
    expect(faultsOf({ touch: none })).toMatchObject([{ kind: 'no-template' }]);
    expect(faultsOf({ touch: none, delivery: { journey: 'monthStart' } })).toEqual([]);
  });

  it('is for the channel, every fallback and the class', () => {
    expect(faultsOf({ touch: { template: 't-sms' } })).toMatchObject([
      { path: 'touch.template', kind: 'no-text', channel: 'wecom', channels: ['sms'] },
      { kind: 'wrong-class', touchClass: 'marketing', templateClass: 'service' },
    ]);
    expect(faultsOf({ delivery: { fallback: ['sms', 'call'] } })).toMatchObject([
      { path: 'delivery.fallback[1]', kind: 'no-text', channel: 'call' },
    ]);
  });

  it('names no product where the slot has none', () => {
    expect(faultsOf({ touch: { template: 't-offer' } })).toMatchObject([
      { path: 'touch.template', kind: 'no-product', variables: ['productName'] },
    ]);
    expect(faultsOf({ touch: { template: 't-offer', product: 'p-58' } })).toEqual([]);
  });

  it('is sent on a channel that exists', () => {
    expect(faultsOf({ touch: { channel: 'wecmo' } })).toMatchObject([
      { path: 'touch.channel', kind: 'unknown', noun: 'channel', nearest: 'wecom' },
    ]);
  });
});

const conditions = fc.dictionary(
  fc.constantFrom('brand', 'plan.fee', 'tier'),
  fc.oneof(
    fc.constantFrom('globe', 'm-zone', 58, 88, null),
    fc.record({ $lt: fc.constantFrom(58, 88) }),
    fc.record({ $gte: fc.constantFrom(58, 88) }),
    fc.record({ $in: fc.subarray(['globe', 'm-zone', 58]) }),
    fc.record({ $ne: fc.constantFrom('globe', 58) }),
    fc.record({ $exists: fc.boolean() }),
  ),
  { maxKeys: 2 },
);

describe('whom an audience has besides the segments, property', () => {
  const contacts = fc.record(
    {
      brand: fc.constantFrom('globe', 'm-zone', 'x'),
      plan: fc.record({ fee: fc.constantFrom(8, 57, 58, 59, 88, 128) }),
      tier: fc.constantFrom('globe', 58, 100),
    },
    { requiredKeys: [] },
  );

  it('is found whenever there is one', () => {
    fc.assert(
      fc.property(
        conditions,
        fc.array(conditions, { minLength: 1, maxLength: 2 }),
        fc.array(contacts, { minLength: 20, maxLength: 40 }),
        (audience, given, people) => {
          const segments = given.map((condition) => ({ condition }));
          const isOutside = (contact: object) =>
            createMatcher(audience)(contact) && !segmentMatcher(segments)(contact);
          if (people.some(isOutside)) expect(outsiderOf(audience, segments)).not.toBeNull();
        },
      ),
      { seed: 21, numRuns: 300 },
    );
  });
});
