// How the demo province sells: five promotions of its cities, two of which suit a call, scenes with scripts in four cells, materials.

import type { Material } from '../../rules/catalogue/material';
import type { Promotion } from '../../rules/catalogue/promotion';
import type { Scene } from '../../rules/catalogue/scene';

const CHANNELS = ['wecom', 'sms'] as const;
const WITH_CALLS = ['wecom', 'sms', 'call'] as const;

export const PROMOTIONS: readonly Promotion[] = [
  {
    id: 'promo-58-trial',
    name: '58元套餐体验两个月，可换回',
    product: 'plan-58',
    description: '体验期内原套餐保留，不满意随时换回。',
    openings: [
      { city: 'guangzhou', channels: WITH_CALLS, easyRecommendIndex: 92 },
      { channels: WITH_CALLS, easyRecommendIndex: 85 },
    ],
  },
  {
    id: 'promo-88-double',
    name: '88元套餐流量翻倍三个月',
    product: 'plan-88',
    openings: [
      { city: 'guangzhou', channels: WITH_CALLS, easyRecommendIndex: 78 },
      { city: 'qingyuan', channels: WITH_CALLS, easyRecommendIndex: 70 },
    ],
  },
  {
    id: 'promo-data-10g',
    name: '10GB流量包首月半价',
    product: 'data-10g',
    openings: [{ channels: CHANNELS, easyRecommendIndex: 66 }],
  },
  {
    id: 'promo-video',
    name: '视频会员权益包首月1元',
    product: 'rights-video',
    openings: [
      { city: 'guangzhou', channels: ['wecom'], easyRecommendIndex: 60 },
      { city: 'yunfu', channels: ['wecom'], easyRecommendIndex: 40 },
    ],
  },
  {
    id: 'promo-broadband',
    name: '宽带提速免安装费',
    product: 'broadband-300',
    description: '需上门，仅营业厅与企业微信受理。',
    openings: [{ city: 'qingyuan', channels: ['wecom'], easyRecommendIndex: 35 }],
  },
];

export const SCENES: readonly Scene[] = [
  {
    id: 'balance-enquiry',
    name: '查询话费余额',
    hotTopics: ['话费余额', '账单明细'],
    products: ['plan-58', 'plan-88'],
    materials: ['poster-58', 'mini-plans'],
    scripts: [
      {
        ...{ id: 'calculate', customerLikes: true, staffLikes: true },
        text: '我帮您看了一下，您现在的组合偏贵，按您的用量算下来换一档更省，我把明细发给您。',
      },
      {
        ...{ id: 'trial', customerLikes: true, staffLikes: false },
        text: '可以先试用一两个月，原套餐还在售期间随时可以换回来。',
      },
      {
        ...{ id: 'promotion', customerLikes: false, staffLikes: true },
        text: '本月正好有活动，流量翻倍，名额有限。',
      },
      {
        ...{ id: 'terms', customerLikes: false, staffLikes: false },
        text: '合约期内提前退出需按约定处理，我先把条款给您说清楚。',
      },
    ],
  },
  {
    id: 'month-bill',
    name: '月初账单答疑',
    hotTopics: ['月初账单', '话费余额', '扣费明细'],
    products: ['plan-58', 'plan-88'],
    materials: ['mini-bill', 'mini-plans'],
    scripts: [
      {
        ...{ id: 'explain', customerLikes: true, staffLikes: true },
        text: '您的账单我帮您逐项看过了，主要是套外流量，我把明细发您，一看就明白。',
      },
      {
        ...{ id: 'refund', customerLikes: true, staffLikes: false },
        text: '哪一项觉得不对您告诉我，我这边登记核查，有结果第一时间回您。',
      },
      {
        ...{ id: 'upgrade', customerLikes: false, staffLikes: true },
        text: '这几个月都超了套餐，换到58或88元那一档，总的反而比现在少花。',
      },
      {
        ...{ id: 'rules', customerLikes: false, staffLikes: false },
        text: '套外是按实际使用计费的，规则在办理时有说明，我再给您念一遍。',
      },
    ],
  },
  {
    id: 'data-running-out',
    name: '流量快用完',
    hotTopics: ['套外流量', '限速'],
    products: ['data-10g', 'data-30g'],
    materials: ['text-data', 'link-data'],
    scripts: [
      {
        ...{ id: 'pack', customerLikes: true, staffLikes: true },
        text: '您的流量快用完了，加一个流量包比套外便宜得多，马上生效。',
      },
      {
        ...{ id: 'upgrade', customerLikes: false, staffLikes: true },
        text: '您连续几个月都不够用，换高一档的套餐更合适。',
      },
    ],
  },
];

export const MATERIALS: readonly Material[] = [
  {
    ...{ id: 'poster-58', kind: 'poster', name: '58元套餐海报', tags: ['套餐'] },
    url: 'https://static.example.com/posters/plan-58.png',
  },
  {
    ...{ id: 'text-data', kind: 'text', name: '流量提醒文案', tags: ['流量'] },
    text: '流量余量不多了，需要的话我帮您加一个流量包。',
  },
  {
    ...{ id: 'link-data', kind: 'link', name: '流量包办理页', tags: ['流量'] },
    ...{ url: 'https://shop.example.com/data', title: '流量包自助办理' },
  },
  {
    ...{ id: 'mini-plans', kind: 'mini-program', name: '套餐计算器小程序', tags: ['套餐'] },
    ...{ appId: 'wx0000000000000000', page: 'pages/plans/index', title: '算算哪档更省' },
    cover: 'https://static.example.com/covers/plans.png',
  },
  {
    ...{ id: 'mini-bill', kind: 'mini-program', name: '账单明细小程序', tags: ['账单'] },
    ...{ appId: 'wx0000000000000000', page: 'pages/bill/index', title: '看看话费花在哪' },
    cover: 'https://static.example.com/covers/bill.png',
  },
  {
    ...{ id: 'file-plans', kind: 'file', name: '套餐一览表', tags: ['套餐'] },
    ...{ url: 'https://static.example.com/files/plans.pdf', fileName: '套餐一览.pdf' },
  },
];
