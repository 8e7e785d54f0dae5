// What is in the catalogue in force, as a page shows it: products, promotions, scenes, materials; and a catalogue checked before it is kept.

import { z } from 'zod';
import type { Version } from '../../ports/library';
import { CodedError, isCodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import type { Catalogue } from '../../rules/catalogue/catalogue';
import { catalogue, readCatalogue } from '../../rules/catalogue/catalogue.schema';
import { cellsOf } from '../../rules/catalogue/scene';
import {
  findMaterials,
  findProducts,
  findScenes,
  openPromotions,
  says,
} from '../../rules/catalogue/search';
import { channelName } from '../../rules/contact/contact.schema';
import { label } from '../../rules/input/input.schema';
import { date, strict } from '../../rules/input/shape.schema';
import { localDate } from '../../rules/time/localDate';
import { sceneCellWords } from '../../rules/words/scene';
import * as answers from '../answers';
import { type Exchange, endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';
import { page, pageQuery } from '../paging';
import { unknown } from '../scope';

const q = z.string().trim().min(1).max(80).exactOptional();
const place = {
  city: label.exactOptional(),
  channel: channelName.exactOptional(),
  /** Today in the deployment's zone when absent. */
  date: date.exactOptional(),
};
const item = z.looseObject({ id: z.string(), name: z.string() });
/** `catalogue`: the version in force that the page is of. */
const itemPage = (of: z.ZodType) => answers.pageOf(of).extend({ catalogue: z.string() });

export const listProducts = endpoint({
  summary: [
    '产品列表：按关键词、品类查找，附某地市某渠道当日开放的促销',
    'Products by a word or a category, each with the promotions open in a city, on a channel, on a date',
  ],
  query: strict({
    ...{ q, category: label.exactOptional(), onShelf: z.stringbool().exactOptional() },
    ...{ ...place, ...pageQuery },
  }),
  answer: itemPage(item),
  async handle(exchange) {
    const { after, limit, ...asked } = exchange.query;
    const version = await catalogueInForce(exchange);
    const found = findProducts(version.body, { ...asked, date: dateOf(exchange, asked.date) });

    return { body: pageOfItems(version, found, { after, limit }) };
  },
});

export const listPromotions = endpoint({
  summary: [
    '促销列表：某地市某渠道当日开放的，易推荐指数高者在前',
    'Promotions open in a city, on a channel, on a date, the highest easy-recommend index first',
  ],
  query: strict({ q, ...place, ...pageQuery }),
  answer: itemPage(item.extend({ easyRecommendIndex: z.number() })),
  async handle(exchange) {
    const { after, limit, q: word, ...asked } = exchange.query;
    const version = await catalogueInForce(exchange);
    const open = openPromotions(version.body, { ...asked, date: dateOf(exchange, asked.date) });
    const found = open.filter(({ id, name, product }) => says(word, id, name, product));

    return { body: pageOfItems(version, found, { after, limit }) };
  },
});

const words = z.object({ 'zh-CN': z.string(), en: z.string() });

export const listScenes = endpoint({
  summary: [
    '场景列表：话术分四格（客户爱听 × 员工爱说）',
    'Scenes, their scripts in four cells: does the customer like to hear it, does staff like to say it',
  ],
  query: strict({ q, ...pageQuery }),
  answer: itemPage(
    item.extend({
      cells: z.array(
        z.object({
          ...{ customerLikes: z.boolean(), staffLikes: z.boolean(), words },
          scripts: z.array(z.looseObject({ id: z.string(), text: z.string() })),
        }),
      ),
    }),
  ),
  async handle(exchange) {
    const { after, limit, q: word } = exchange.query;
    const version = await catalogueInForce(exchange);
    const scenes = findScenes(version.body, word).map(({ scripts, ...scene }) => ({
      ...scene,
      cells: cellsOf({ scripts }).map((cell) => ({ ...cell, words: sceneCellWords(cell) })),
    }));

    return { body: pageOfItems(version, scenes, { after, limit }) };
  },
});

export const listMaterials = endpoint({
  summary: ['素材库：按关键词、类型、标签查找', 'The material library by a word, a kind and a tag'],
  query: strict({
    ...{ q, tag: label.exactOptional() },
    kind: z.enum(['text', 'poster', 'link', 'mini-program', 'file']).exactOptional(),
    ...pageQuery,
  }),
  answer: itemPage(item.extend({ kind: z.string() })),
  async handle(exchange) {
    const { after, limit, ...asked } = exchange.query;
    const version = await catalogueInForce(exchange);

    return { body: pageOfItems(version, findMaterials(version.body, asked), { after, limit }) };
  },
});

export const validateCatalogue = endpoint({
  summary: ['校验产品目录（不保存）', 'Check a catalogue; nothing is kept'],
  body: catalogue,
  rows: true,
  answer: z.object({ valid: z.boolean(), issues: z.array(answers.issue) }),
  handle({ raw }) {
    const given = jsonOf(raw);
    try {
      readCatalogue(given, '');
      return { body: { valid: true, issues: [] } };
    } catch (error) {
      if (!isCodedError(error)) throw error;
      return { body: { valid: false, issues: error.issues } };
    }
  },
});

/** @throws CodedError NOT_FOUND while none is published */
async function catalogueInForce({
  deps,
  params: { id = '' },
}: Pick<Exchange, 'deps' | 'params'>): Promise<Version<Catalogue>> {
  const version = await deps.stores.catalogues.current(id);
  if (version === null) throw unknown('catalogue', id);
  return version;
}

const dateOf = ({ deps }: Pick<Exchange, 'deps'>, asked: string | undefined): string =>
  asked ?? localDate(new Date(deps.clock.now()).toISOString(), deps.timezone);

interface Cursor {
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * Items keep their order from page to page as long as the same catalogue is in force.
 * @throws CodedError INVALID_INPUT when another one came into force, and has not what the page before ended with
 */
function pageOfItems<Item extends { readonly id: string }>(
  { id, version }: Version<Catalogue>,
  items: readonly Item[],
  { after, limit }: Cursor,
): object {
  const start = after === undefined ? 0 : items.findIndex((one) => one.id === after) + 1;
  if (after !== undefined && start === 0) throw unknownCursor(after);
  const shown = items.slice(start, start + limit);

  return { catalogue: versionRef(id, version), ...page(shown, limit, (one) => one.id) };
}

const unknownCursor = (after: string): CodedError =>
  new CodedError('INVALID_INPUT', `after: the list has no ${after} any more; begin it again`, [
    { path: 'after', message: 'unknown', value: after, allowed: 'the `next` of a page' },
  ]);
