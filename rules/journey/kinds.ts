// The table of journey kinds: all that is special of a kind but its workflow (workflows/journeys/) stands in its entry here.

import { journeyId, opportunityId, referredId } from '../base/ids';
import { CHANNEL_NAMES, type ChannelName, type TouchClass } from '../contact/contact';
import { localDate } from '../time/localDate';
import type { Fields, FieldValues, InputWith, Kind, StartWith, TextUse } from './kind';

/** As WeCom names the entry: a relation made once has one welcome and one follow-up, whoever starts them. */
const seconds = (instant: string): string => String(Math.floor(Date.parse(instant) / 1000));

const said = (
  touchClass: TouchClass,
  channels: readonly ChannelName[],
  ...templates: readonly string[]
): readonly TextUse[] => templates.map((template) => ({ template, class: touchClass, channels }));

const JOURNEYS = {
  welcome: kind({
    name: { zh: '欢迎', en: 'Welcome' },
    does: {
      zh: '客户添加员工后 20 秒内发送欢迎语，标记来源，转入三日跟进',
      en: 'greets a customer who added a member within 20 seconds, tags the source, hands on to the follow-up',
    },
    fields: {
      staffId: 'id',
      externalUserId: 'id',
      welcomeId: 'label?', // names the code; absent when WeCom gave none: a console welcome is set, or the chat had begun
      scene: 'label?', // channel parameter of the code that was scanned
      addedAt: 'instant',
    },
    startedBy: 'systems',
    entryOf: ({ addedAt }) => seconds(addedAt),
    workflowId: ({ contactId, staffId }) => journeyId('welcome', contactId, staffId),
    mayRunAgain: true, // a customer who comes back is welcomed again
    texts: () => said('service', ['wecom'], 'welcome', 'welcome-store', 'welcome-evening'),
    channels: () => ['wecom'],
    classes: ['reply'],
  }),

  followUp: kind({
    name: { zh: '三日跟进', en: 'Day-3 follow-up' },
    does: {
      zh: '添加后第三天 10:00，按是否回复、是否购买分别跟进',
      en: 'follows up on day 3 at 10:00 by whether the customer spoke, bought or stayed silent',
    },
    fields: { staffId: 'id', addedAt: 'instant' },
    startedBy: 'systems',
    entryOf: ({ addedAt }) => seconds(addedAt),
    workflowId: ({ contactId, entry }) => journeyId('followUp', contactId, entry),
    texts: () => [
      ...said('service', ['wecom'], 'follow-up-bought'),
      ...said('marketing', ['wecom'], 'follow-up-spoke', 'follow-up-silent'),
    ],
    channels: () => ['wecom'],
    classes: ['service', 'marketing'],
    answersPurchases: true,
  }),

  monthStart: kind({
    name: { zh: '月初账单', en: 'Month start' },
    does: {
      zh: '出账后告知应缴金额，次日推荐更合适的套餐，提醒一次，接受即下单',
      en: 'says what is due once the bill is out, offers a better plan the next day, reminds once, orders what is accepted',
    },
    fields: { billedAt: 'instant', staffId: 'id?' },
    startedBy: 'systems',
    entryOf: ({ billedAt }, zone) => localDate(billedAt, zone),
    workflowId: ({ contactId, entry }) => journeyId('monthStart', contactId, entry),
    texts: () => [
      ...said('service', ['wecom', 'sms'], 'bill-balance'),
      ...said('marketing', ['wecom', 'sms'], 'plan-upsell', 'plan-reminder'),
    ],
    channels: () => ['wecom', 'sms'],
    classes: ['service', 'marketing'],
    audienceBy: 'plan',
  }),

  overage: kind({
    name: { zh: '超套商机', en: 'Overage offer' },
    does: {
      zh: '流量超套或高饱和时立即推荐，失败换渠道，接受即下单',
      en: 'offers at once when the data bundle ran over, on the next channel when one fails, orders what is accepted',
    },
    fields: {
      entry: 'id', // names the opportunity
      product: 'id',
      expiresAt: 'instant', // worth nothing from then on
      template: 'id',
      channel: 'channel',
      fallback: 'channels',
      staffId: 'id?',
    },
    defaults: { template: 'overage-offer', channel: 'wecom', fallback: ['sms'] },
    fixed: { triggerId: 'builtin-overage' as string },
    startedBy: 'cities',
    entryOf: ({ entry }) => entry,
    workflowId: ({ contactId, entry, triggerId }) => opportunityId(triggerId, contactId, entry),
    texts: ({ template, channel, fallback }) => said('marketing', [channel, ...fallback], template),
    channels: ({ channel, fallback }) => [channel, ...fallback],
    classes: ['marketing'],
    audienceBy: 'dataUsedPct',
    byTriggers: true,
  }),

  leadRetry: kind({
    name: { zh: '未接通回流', en: 'Lead retry' },
    does: {
      zh: '热线未接通的商机换渠道、换员工、换时段再联系，直到有最终结果',
      en: 'tries a lead the hotline did not reach on other channels, by other members and at other hours, up to a final outcome',
    },
    fields: {
      leadId: 'id',
      product: 'id',
      outcome: 'lead-outcome', // of the try that failed
      maxAttempts: 'attempts',
      expiresAt: 'instant?',
      staffId: 'id?',
    },
    defaults: { maxAttempts: 6 },
    startedBy: 'cities',
    entryOf: ({ leadId }) => leadId,
    workflowId: ({ contactId, leadId }) => journeyId('leadRetry', contactId, leadId),
    texts: () => [
      ...said('marketing', ['wecom'], 'lead-wecom'),
      ...said('marketing', ['call'], 'lead-call'),
      ...said('marketing', ['sms'], 'lead-sms'),
    ],
    channels: () => ['wecom', 'call', 'sms'],
    classes: ['marketing'],
  }),

  birthday: kind({
    name: { zh: '生日关怀', en: 'Birthday' },
    does: {
      zh: '生日当天 10:00 通过企业微信祝贺一次，不做营销',
      en: 'wishes a happy birthday on the day at 10:00 by WeCom, once and without an offer',
    },
    fields: { day: 'date', staffId: 'id?' }, // the birthday of this year
    startedBy: 'systems',
    entryOf: ({ day }) => day,
    workflowId: ({ contactId, entry }) => journeyId('birthday', contactId, entry),
    texts: () => said('service', ['wecom'], 'birthday'),
    channels: () => ['wecom'],
    classes: ['service'],
  }),

  sequence: kind({
    name: { zh: 'SOP 序列', en: 'SOP sequence' },
    does: {
      zh: '按已发布的序列逐步执行：发送、员工任务、打标签、改阶段，直到完成或满足退出条件',
      en: 'walks a customer through the steps of a published sequence until they are over or a stop condition holds',
    },
    fields: {
      sequence: 'id', // `id@version`
      occasion: 'id', // names the event
      at: 'instant', // of the event: days of steps count from its local date
      reentry: 'reentry', // of the version: by which rule the contact was let in
      staffId: 'id?',
    },
    startedBy: 'systems',
    entryOf: ({ sequence, occasion }) => sequenceEntry(sequence, occasion),
    workflowId: ({ contactId, sequence, occasion, reentry }) =>
      journeyId(
        'sequence',
        contactId,
        reentry === 'always' ? sequenceEntry(sequence, occasion) : referredId(sequence),
      ),
    mayRunAgain: true, // whoever lets a contact in asks `entryRefusal` first
    texts: () => [], // those of the version
    channels: () => CHANNEL_NAMES,
    classes: ['service', 'marketing'],
    answersPurchases: true, // by the stop conditions of the version
    hasDoor: true,
    takesOwnAnswersOnly: true,
  }),
};

/** Names one entry of a contact into a sequence, whichever version is in force. */
function sequenceEntry(ref: string, occasion: string): string {
  return `${referredId(ref)}/${occasion}`;
}

function kind<
  const F extends Fields,
  const Defaults extends Partial<FieldValues<F>> = object,
  Fixed extends object = object,
>(entry: Kind<F, Defaults, Fixed>): Kind<F, Defaults, Fixed> {
  return entry;
}

export type JourneyKind = keyof typeof JOURNEYS;

/** In the order in which a customer meets them. */
export const JOURNEY_KINDS = Object.keys(JOURNEYS) as JourneyKind[];

type FieldsOf<K extends JourneyKind> = (typeof JOURNEYS)[K]['fields'];
type DefaultsOf<K extends JourneyKind> = NonNullable<(typeof JOURNEYS)[K]['defaults']>;
type FixedOf<K extends JourneyKind> = NonNullable<(typeof JOURNEYS)[K]['fixed']>;

/** What a start brings besides the contact. */
export type StartOf<K extends JourneyKind> = StartWith<FieldsOf<K>, DefaultsOf<K>> &
  Partial<FixedOf<K>>;

/** What the workflow of a kind is given. Plain JSON, ids only. */
export type InputOf<K extends JourneyKind> = InputWith<FieldsOf<K>, FixedOf<K>>;

type Table = { readonly [K in JourneyKind]: Kind<FieldsOf<K>, DefaultsOf<K>, FixedOf<K>> };

/** The entry of a kind. */
export const journeyKind = <K extends JourneyKind>(name: K): Table[K] => (JOURNEYS as Table)[name];

/** The input of a run: what its start brought, what stands in for the rest, and the occasion it is named by. */
export function journeyInput<K extends JourneyKind>(
  name: K,
  contactId: string,
  start: StartOf<K>,
  zone: string,
): InputOf<K> {
  const { defaults, fixed, entryOf } = journeyKind(name);
  const given = { ...defaults, ...fixed, ...start, contactId } as unknown as InputOf<K>;
  return { ...given, version: 1, entry: entryOf(given, zone) };
}
