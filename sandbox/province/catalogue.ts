// What the demo province sells: twelve plans, data packs and rights, and the map from a customer's plan and use to a better one.

import type {
  Catalogue,
  Migration,
  MigrationFeatures,
  Product,
} from '../../rules/catalogue/catalogue';
import { MATERIALS, PROMOTIONS, SCENES } from './offers';

/** Plan and its share of customers: 87 in 100 pay less than 29 yuan a month. */
export const PLANS: readonly (Product & { readonly share: number; readonly brand: string })[] = [
  plan(8, '8元保号套餐', '大众卡', 22),
  plan(18, '18元大众卡套餐', '大众卡', 27),
  plan(19, '19元动感地带套餐', '动感地带', 20),
  plan(28, '28元神州行套餐', '神州行', 18),
  plan(38, '38元飞享套餐', '动感地带', 4),
  plan(58, '58元4G上网套餐', '全球通', 3.5),
  plan(68, '68元飞享套餐', '全球通', 1.5),
  plan(88, '88元4G上网套餐', '全球通', 1.8),
  plan(98, '98元畅享套餐', '全球通', 0.8),
  plan(128, '128元全球通套餐', '全球通', 0.8),
  plan(158, '158元全球通套餐', '全球通', 0.4),
  plan(188, '188元全球通尊享套餐', '全球通', 0.2),
];

const OTHERS: readonly Product[] = [
  {
    id: 'data-1g',
    name: '5元1GB流量包',
    kind: 'data-pack',
    fee: 5,
    onShelf: true,
    category: '流量包',
  },
  {
    id: 'data-3g',
    name: '10元3GB流量包',
    kind: 'data-pack',
    fee: 10,
    onShelf: true,
    category: '流量包',
  },
  {
    id: 'data-10g',
    name: '20元10GB流量包',
    kind: 'data-pack',
    fee: 20,
    onShelf: true,
    category: '流量包',
  },
  {
    id: 'data-30g',
    name: '30元30GB流量包',
    kind: 'data-pack',
    fee: 30,
    onShelf: true,
    category: '流量包',
  },
  {
    id: 'data-night',
    name: '3元夜间流量包',
    kind: 'data-pack',
    fee: 3,
    onShelf: false,
    category: '流量包',
  },
  {
    id: 'rights-video',
    name: '15元视频会员权益包',
    kind: 'rights',
    fee: 15,
    onShelf: true,
    category: '权益',
  },
  {
    id: 'broadband-300',
    name: '300M宽带提速包',
    kind: 'broadband',
    fee: 20,
    onShelf: true,
    category: '宽带',
  },
];

/** From, features that must hold, to, priority: the higher is asked first. */
const PATHS: readonly (readonly [
  from: number,
  when: MigrationFeatures,
  to: number,
  priority: number,
])[] = [
  ...[8, 18, 19, 28].flatMap((from): (readonly [number, MigrationFeatures, number, number])[] => [
    [from, { minMonthlySpendFen: 6500 }, 88, 60],
    [from, { minOverDataMonths: 2, minMonthlySpendFen: 3500 }, 58, 50],
    [from, { minOverDataMonths: 1 }, 38, 40],
  ]),
  [38, { minMonthlySpendFen: 7000 }, 88, 60],
  [38, { minOverDataMonths: 2 }, 58, 50],
  [58, { minOverDataMonths: 3 }, 88, 50],
  [68, { minOverDataMonths: 2 }, 88, 50],
  [88, { minMonthlySpendFen: 12_000 }, 128, 50],
  [98, { minMonthlySpendFen: 12_500 }, 128, 50],
];

const tierOf = (fee: number): string => {
  if (fee < 58) return '58元以下';
  return fee <= 88 ? '58-88元' : '88元以上';
};

const ADVANTAGES: Readonly<Record<string, readonly string[]>> = {
  'plan-58': ['含10GB流量，够日常使用', '可先体验两个月，随时换回'],
  'plan-88': ['含30GB流量', '亲情网成员互打免费'],
};

export function demoCatalogue(): Catalogue {
  const plans = PLANS.map(
    ({ id, name, kind, fee, onShelf }): Product => ({
      ...{ id, name, kind, fee, onShelf, category: '主套餐', tier: tierOf(fee) },
      ...(ADVANTAGES[id] && { advantages: ADVANTAGES[id] }),
    }),
  );

  const migrations = PATHS.map(
    ([from, when, to, priority]): Migration => ({
      id: `plan-${from}-to-${to}`,
      from: `plan-${from}`,
      when,
      to: `plan-${to}`,
      priority,
    }),
  );

  return {
    products: [...plans, ...OTHERS],
    migrations,
    promotions: PROMOTIONS,
    scenes: SCENES,
    materials: MATERIALS,
  };
}

function plan(fee: number, name: string, brand: string, share: number) {
  return { id: `plan-${fee}`, name, kind: 'plan', fee, onShelf: fee !== 8, brand, share } as const;
}
