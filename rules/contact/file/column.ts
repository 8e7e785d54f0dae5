// The columns that a file of contacts may have: the field of each, how its cells are read, and the names people give it.

/** How the cells of a column are read. */
export type CellKind =
  | 'text'
  /** A fact of the deployment's own: a text, or true or false. */
  | 'fact'
  | 'id'
  | 'number'
  | 'percent'
  | 'fen'
  | 'yuan'
  | 'instant'
  | 'boolean'
  | 'list'
  | 'payType'
  | 'consent'
  /** The whole row in one cell, as files of refused rows have it. */
  | 'json'
  | 'ignore';

export interface ColumnField {
  /** Where the value stands in the row: `plan.fee`; empty for a column that gives none. */
  readonly path: string;
  readonly kind: CellKind;
}

interface NamedField extends ColumnField {
  /** Headers as people write them, besides the path. */
  readonly names: readonly string[];
}

const field = (path: string, kind: CellKind, ...names: readonly string[]): NamedField => ({
  path,
  kind,
  names,
});

const CONSENT_CHANNELS = { sms: '短信', wecom: '企微', call: '外呼' } as const;
const CONSENT_CLASSES = { marketing: '营销', service: '服务' } as const;

const CONSENTS = Object.entries(CONSENT_CHANNELS).flatMap(([channel, zh]) =>
  Object.entries(CONSENT_CLASSES).map(([name, zhClass]) =>
    field(
      `consents.${channel}.${name}`,
      'consent',
      ...[`${zh}${zhClass}授权`, `${zh}${zhClass}同意`, `${zhClass}${zh}授权`],
    ),
  ),
);

/** Money is known by its unit: fen in the field's own name, fen or yuan in a header that says so. */
const money = (path: string, ...names: readonly string[]): NamedField =>
  field(path, 'fen', ...names);

export const FIELDS: readonly NamedField[] = [
  field(
    'contactId',
    'id',
    ...[
      '客户编号',
      '客户ID',
      '客户标识',
      '客户编码',
      '客户号',
      '用户编号',
      '用户ID',
      '用户标识',
      'customerId',
      'customerNo',
      'userId',
    ],
  ),
  field(
    'city',
    'id',
    ...['地市', '城市', '归属地市', '所属地市', '归属城市', '地市编码', '城市编码'],
  ),
  field(
    'name',
    'text',
    ...['姓名', '客户姓名', '客户名称', '用户姓名', '用户名称', '名称', 'customerName'],
  ),
  field(
    'phone',
    'id',
    ...[
      '手机号',
      '手机号码',
      '手机',
      '联系电话',
      '联系号码',
      '电话',
      '电话号码',
      '号码',
      '服务号码',
      '用户号码',
      '业务号码',
      'mobile',
      'msisdn',
      'phoneNumber',
      'tel',
    ],
  ),
  field('unionId', 'id', ...['微信unionId', '微信UnionID', '联合ID']),
  field('brand', 'text', ...['品牌', '客户品牌', '用户品牌']),
  field('payType', 'payType', ...['付费类型', '付费方式', '缴费类型', '缴费方式', '预付后付']),
  field(
    'plan.id',
    'id',
    ...[
      '套餐',
      '套餐编号',
      '套餐编码',
      '套餐ID',
      '套餐代码',
      '主套餐',
      '主资费',
      '资费套餐',
      'planId',
    ],
  ),
  field(
    'plan.fee',
    'number',
    ...['套餐费', '套餐费用', '套餐月费', '套餐价格', '月租', '月租费', '月费', 'planFee'],
  ),
  field(
    'activatedAt',
    'instant',
    ...['入网时间', '入网日期', '开户时间', '开户日期', '激活时间', '激活日期'],
  ),
  field('personalisation', 'boolean', ...['个性化推荐', '个性化', '个性化服务']),
  field('timezone', 'text', ...['时区']),
  field('billDay', 'number', ...['账期日', '出账日', '账单日', '结算日', '账期起始日']),
  field('quietHours.from', 'text', ...['免打扰开始', '免打扰开始时间', '静默开始']),
  field('quietHours.to', 'text', ...['免打扰结束', '免打扰结束时间', '静默结束']),
  field(
    'facts.dataUsedPct',
    'percent',
    ...['流量使用率', '流量使用占比', '流量使用百分比', '流量饱和度', '套内流量使用率'],
  ),
  money('facts.monthlySpendFen', '月均消费', '月均消费额', '近三月平均消费', '月消费', 'ARPU'),
  field('facts.overDataMonths', 'number', ...['超套月数', '近六月超套月数', '流量超套月数']),
  money('facts.balanceFen', '余额', '账户余额', '话费余额', '可用余额'),
  money('facts.billDueFen', '欠费', '欠费金额', '账单金额', '应缴金额', '待缴金额', '应缴话费'),
  field('facts.billedAt', 'instant', ...['出账时间', '出账日期', '账单时间', '账单日期']),
  field('facts.lastSpokeAt', 'instant', ...['最近沟通时间', '最近联系时间', '最后沟通时间']),
  field('facts.openedAt', 'instant', ...['最近打开时间', '最近点击时间', '最近浏览时间']),
  field('facts.openedCampaign', 'text', ...['最近打开活动', '最近点击活动', '最近浏览活动']),
  field('facts.products', 'list', ...['已订产品', '已订购产品', '订购产品', '已购产品']),
  ...CONSENTS,
  field('consentsAt', 'instant', ...['授权时间', '授权日期', '同意时间']),
  field('json', 'json'),
  field('', 'ignore', ...['行 line', '原因 reason']),
];

/** A header as it is compared: one width, no case, no blanks, dashes or underscores. */
export const plainHeader = (header: string): string =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-－·:：*]+/gu, '');

const BY_NAME: ReadonlyMap<string, ColumnField> = new Map(
  FIELDS.flatMap(({ path, kind, names }) =>
    [...names, ...(path === '' ? [] : [path])].map(
      (name) => [plainHeader(name), { path, kind }] as const,
    ),
  ),
);

const OWN_FACT = /^facts\.[A-Za-z][A-Za-z0-9_]{0,63}$/;
const OTHER_PATH = /^(consents|channels)\.(wecom|sms|call)\.([a-z]+)$/;

/** The field of a path, as a mapping or a header names it; undefined: there is none. */
export function fieldOfPath(path: string): ColumnField | undefined {
  const known = BY_NAME.get(plainHeader(path));
  if (known) return known;
  if (OWN_FACT.test(path)) return { path, kind: 'fact' };

  const [, group, , last] = OTHER_PATH.exec(path) ?? [];
  if (group === 'consents') return { path, kind: 'consent' };
  return group === 'channels' && last === 'reachable' ? { path, kind: 'boolean' } : undefined;
}

const UNIT = /^(.+?)[([/]?(元|分|yuan|fen)[)\]]?$/;

/** What a header says of itself; `money`: an amount that does not say whether it is yuan or fen. */
export function fieldOfHeader(header: string): ColumnField | 'money' | undefined {
  const plain = plainHeader(header);
  const known = fieldOfPath(header.trim());
  if (known?.kind === 'fen') return plainHeader(known.path) === plain ? known : 'money';
  if (known) return known;

  const [, name = '', unit] = UNIT.exec(plain) ?? [];
  const amount = BY_NAME.get(name);
  if (amount?.kind === 'fen')
    return { path: amount.path, kind: unit === '元' || unit === 'yuan' ? 'yuan' : 'fen' };
  if (amount?.path === 'plan.fee' && unit !== '分' && unit !== 'fen') return amount;

  const percent = BY_NAME.get(plain.replace(/[([]?%[)\]]?$/, ''));
  return percent?.kind === 'percent' ? percent : undefined;
}
