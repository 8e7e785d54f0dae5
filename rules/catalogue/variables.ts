// What a text may say of a contact: the one list of variables, all taken from one read of the contact and the catalogue.

import type { Profile } from '../contact/contact';
import type { Catalogue } from './catalogue';
import type { Variables } from './fill';
import { withoutUnfit } from './fitText';

export interface VariableSource {
  readonly contact: Pick<Profile, 'name' | 'city' | 'plan' | 'facts'>;
  readonly catalogue: Catalogue;
  /** Id of what is on offer. */
  readonly product?: string | undefined;
}

/** Which contacts lack a value: those without the field, those whose field is blank, or names nothing of the catalogue. */
export type Lack =
  | { readonly kind: 'absent' | 'blank'; readonly field: string }
  | { readonly kind: 'not-among'; readonly field: string; readonly values: readonly string[] };

interface Variable {
  readonly zh: string;
  /** For previews. */
  readonly example: string | number;
  readonly of: (source: VariableSource) => unknown;
  /** Absent: it is no property of the contact, or one that every contact has. */
  readonly lack?: (catalogue: Catalogue) => Lack;
}

const productOf = ({ catalogue }: Pick<VariableSource, 'catalogue'>, id: string | undefined) =>
  catalogue.products.find((product) => product.id === id);

const absent = (field: string) => (): Lack => ({ kind: 'absent', field });

export const VARIABLES = {
  name: {
    zh: '姓名',
    example: '陈晓明',
    of: ({ contact }) => contact.name,
    lack: () => ({ kind: 'blank', field: 'name' }),
  },
  city: { zh: '地市', example: 'guangzhou', of: ({ contact }) => contact.city },
  planName: {
    zh: '现用套餐名',
    example: '畅享套餐58元',
    of: ({ contact, catalogue }) => productOf({ catalogue }, contact.plan?.id)?.name,
    lack: ({ products }) => ({
      kind: 'not-among',
      field: 'plan.id',
      values: products.map(({ id }) => id),
    }),
  },
  planFee: {
    zh: '现用套餐月费（元）',
    example: 58,
    of: ({ contact }) => contact.plan?.fee,
    lack: absent('plan.fee'),
  },
  balanceFen: {
    zh: '话费余额（分）',
    example: 1250,
    of: ({ contact }) => contact.facts?.balanceFen,
    lack: absent('facts.balanceFen'),
  },
  billDueFen: {
    zh: '应缴账单（分）',
    example: 5800,
    of: ({ contact }) => contact.facts?.billDueFen,
    lack: absent('facts.billDueFen'),
  },
  dataUsedPct: {
    zh: '流量用量（%）',
    example: 93,
    of: ({ contact }) => contact.facts?.dataUsedPct,
    lack: absent('facts.dataUsedPct'),
  },
  productName: {
    zh: '推荐产品名',
    example: '5GB流量包',
    of: (source) => productOf(source, source.product)?.name,
  },
  productFee: {
    zh: '推荐产品价格（元）',
    example: 10,
    of: (source) => productOf(source, source.product)?.fee,
  },
} as const satisfies Readonly<Record<string, Variable>>;

export type VariableName = keyof typeof VARIABLES;

export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly VariableName[];

const variable = (name: VariableName): Variable => VARIABLES[name];

/** Values that are not known or blank are left out, so that a text which shows them is held back instead of sent with a gap. */
export function variablesOf(source: VariableSource): Variables {
  const known = VARIABLE_NAMES.map((name) => [name, present(variable(name).of(source))] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

function present(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? undefined;
  const fit = withoutUnfit(value).trim();
  return fit === '' ? undefined : fit;
}

/** A value for each, as a preview shows it. */
export const exampleVariables = (): Variables =>
  Object.fromEntries(VARIABLE_NAMES.map((name) => [name, variable(name).example]));

/** How to find the contacts that lack a variable; null: none does. */
export const lackOf = (name: VariableName, catalogue: Catalogue): Lack | null =>
  variable(name).lack?.(catalogue) ?? null;
