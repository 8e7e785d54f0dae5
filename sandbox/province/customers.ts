// The demo's people: 5,000 customers of four cities and the 60 members of staff who look after them. All names and numbers are made up.

import type { Profile, Relation } from '../../rules/contact/contact';
import { DAY_MS } from '../../rules/time/durations';
import { externalUserIdOf, unionIdOf } from '../identity';
import { createRandom, type Random } from '../random';
import { PLANS } from './catalogue';

export interface DemoStaff {
  readonly staffId: string;
  readonly name: string;
  readonly city: string;
}

/** City, its share of customers in percent, and its staff. */
const CITIES = {
  guangzhou: [45, 24],
  qingyuan: [20, 13],
  yunfu: [15, 10],
  shaoguan: [20, 13],
} as const;
type City = keyof typeof CITIES;

const CUSTOMERS = 5000;
const FRIENDS = 0.6;
const PREPAID = 0.85;
const SURNAMES = [...'陈李张黄何梁刘林吴罗杨王周谭邓冯曾朱叶蔡'];
const GIVEN = [
  ...'伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建文华志国婷雪梅海玲健嘉欣俊宇晨',
];
/** Relations are older than any demo. */
const OLDEST = Date.parse('2024-01-01T00:00:00.000Z');
const SPAN_MS = 600 * DAY_MS;

export function demoStaff(random: Random): DemoStaff[] {
  return Object.entries(CITIES).flatMap(([city, [, count]]) =>
    Array.from({ length: count }, (_, index) => ({
      staffId: `s-${city}-${String(index + 1).padStart(2, '0')}`,
      name: nameOf(random),
      city,
    })),
  );
}

export function demoCustomers(seed: number, staff: readonly DemoStaff[]): Profile[] {
  const random = createRandom(seed, 'customers');
  return Array.from({ length: CUSTOMERS }, (_, index) => customer(random, index + 1, staff));
}

function customer(random: Random, number: number, staff: readonly DemoStaff[]): Profile {
  const contactId = `c-${String(number).padStart(5, '0')}`;
  const city = random.weighted<City>({
    guangzhou: CITIES.guangzhou[0],
    qingyuan: CITIES.qingyuan[0],
    yunfu: CITIES.yunfu[0],
    shaoguan: CITIES.shaoguan[0],
  });
  const planId = random.weighted(Object.fromEntries(PLANS.map((plan) => [plan.id, plan.share])));
  const { fee = 18, brand = '大众卡' } = PLANS.find((plan) => plan.id === planId) ?? {};
  const friend = random.chance(FRIENDS);
  const relations = friend ? [relation(random, contactId, city, staff)] : [];
  const overDataMonths = Math.min(6, Math.floor(random.exponential(1.2)));

  return {
    contactId,
    city,
    name: nameOf(random),
    phone: `1990${String(1_000_000 + number)}`,
    unionId: unionIdOf(contactId),
    brand,
    payType: random.chance(PREPAID) ? 'prepaid' : 'postpaid',
    plan: { id: planId, fee },
    timezone: 'Asia/Shanghai',
    billDay: random.weighted({ '1': 80, '5': 10, '10': 10 }) === '1' ? 1 : random.pick([5, 10]),
    activatedAt: instant(random),
    relations,
    channels: { wecom: { reachable: friend }, sms: { reachable: true }, call: { reachable: true } },
    ...protection(random),
    facts: {
      dataUsedPct: Math.round(10 + random.next() * 80),
      monthlySpendFen: Math.round(fee * 100 + overDataMonths * 600 + random.exponential(500)),
      overDataMonths,
      balanceFen: Math.round(random.exponential(3000)),
      billDueFen: 0,
      products: [],
    },
  };
}

/** Consents and refusals in a mix as found in life, and personal quiet hours all round the clock. */
function protection(
  random: Random,
): Pick<Profile, 'consents' | 'blocks' | 'dnd' | 'quietHours' | 'personalisation'> {
  const from = random.int(24);
  const wall = (hour: number): string => `${String(hour % 24).padStart(2, '0')}:00`;

  return {
    consents: {
      sms: { marketing: random.weighted({ granted: 60, refused: 10, unknown: 30 }) },
      call: { marketing: random.weighted({ granted: 45, refused: 15, unknown: 40 }) },
      wecom: { marketing: random.weighted({ granted: 40, refused: 5, unknown: 55 }) },
    },
    personalisation: !random.chance(0.03),
    ...(random.chance(0.15) ? { quietHours: { from: wall(from), to: wall(from + 10) } } : {}),
    ...(random.chance(0.01) ? { blocks: [{ channel: 'sms', reason: 'complaint' }] } : {}),
    ...(random.chance(0.01) ? { dnd: [{ classes: ['marketing' as const] }] } : {}),
  };
}

function relation(
  random: Random,
  contactId: string,
  city: string,
  staff: readonly DemoStaff[],
): Relation {
  const { staffId } = random.pick(staff.filter((member) => member.city === city));
  return {
    staffId,
    externalUserId: externalUserIdOf(contactId),
    state: 'friend',
    addedAt: instant(random),
    scene: random.pick(['store-01', 'store-02', 'hotline', 'app']),
  };
}

const instant = (random: Random): string =>
  new Date(OLDEST + Math.floor(random.next() * SPAN_MS)).toISOString();

const nameOf = (random: Random): string =>
  `${random.pick(SURNAMES)}${random.pick(GIVEN)}${random.chance(0.6) ? random.pick(GIVEN) : ''}`;
