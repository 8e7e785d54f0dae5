import { isCodedError } from '../base/errors';
import { readCatalogue } from './catalogue.schema';
import { cellsOf } from './scene';

const product = { id: 'p-58', name: '58 元套餐', kind: 'plan', fee: 58, onShelf: true };
const opening = { city: 'guangzhou', channels: ['wecom'], easyRecommendIndex: 80 };
const promotion = { id: 'promo-1', name: '流量翻倍', product: 'p-58', openings: [opening] };
const script = { id: 'open', customerLikes: true, staffLikes: false, text: '帮您算了一下' };
const scene = { id: 'balance', name: '查询话费', scripts: [script] };
const poster = { id: 'm-1', kind: 'poster', name: '海报', url: 'https://img.example/1.png' };

const catalogueWith = (fields: object) => ({ products: [product], migrations: [], ...fields });

function issuesOf(fields: object): readonly { readonly path: string; readonly message: string }[] {
  try {
    readCatalogue(catalogueWith(fields), '');
    return [];
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return error.issues;
  }
}

describe('a catalogue', () => {
  it('of before, with products and migrations alone, is still one', () => {
    expect(readCatalogue(catalogueWith({}), '')).toEqual(catalogueWith({}));
  });

  it('holds products with segments, promotions by city, scenes and materials of every kind', () => {
    const full = catalogueWith({
      products: [
        {
          ...product,
          category: '4G流量王',
          tier: '58-88',
          segments: [
            { name: '老客户', brands: ['m-zone'] },
            { condition: { 'plan.fee': { $lt: 58 }, tier: null } },
          ],
          advantages: ['含 10GB'],
        },
      ],
      promotions: [
        {
          ...promotion,
          openings: [opening, { channels: ['sms'], easyRecommendIndex: 10, from: '2026-03-01' }],
        },
      ],
      scenes: [{ ...scene, products: ['p-58'], materials: ['m-1'] }],
      materials: [
        poster,
        { id: 'm-2', kind: 'text', name: '文', text: '您好' },
        { id: 'm-3', kind: 'link', name: '链', url: 'https://example.com/a?b=c', title: '详情' },
        {
          ...{ id: 'm-4', kind: 'mini-program', name: '小程序', appId: 'wx1', page: 'pages/a' },
          ...{ title: '办理', cover: 'https://img.example/2.png' },
        },
        {
          id: 'm-5',
          kind: 'file',
          name: '件',
          url: 'https://example.com/a.pdf',
          fileName: 'a.pdf',
        },
      ],
    });
    expect(readCatalogue(full, '')).toEqual(full);
  });

  it('refuses an id that comes twice, whatever it is the id of', () => {
    const twice = <T>(one: T) => [one, one];
    const paths = (fields: object) => issuesOf(fields).map(({ path }) => path);
    expect(paths({ products: twice(product) })).toEqual(['products[1].id']);
    expect(paths({ promotions: twice(promotion) })).toEqual(['promotions[1].id']);
    expect(paths({ scenes: twice(scene) })).toEqual(['scenes[1].id']);
    expect(paths({ materials: twice(poster) })).toEqual(['materials[1].id']);
    expect(paths({ scenes: [{ ...scene, scripts: twice(script) }] })).toEqual([
      'scenes[0].scripts[1].id',
    ]);
  });

  it('names what a reference means that is not in it, with the value and the nearest id', () => {
    const migration = { id: 'm', from: 'p-8', when: {}, to: 'p-88', priority: 1 };
    expect(
      issuesOf({
        migrations: [migration],
        promotions: [{ ...promotion, product: 'p58' }],
        scenes: [{ ...scene, products: ['p-58', 'other'], materials: ['m-l'] }],
        materials: [poster],
      }),
    ).toMatchObject([
      { path: 'migrations[0].to', value: '"p-88"' },
      {
        path: 'promotions[0].product',
        value: '"p58"',
        allowed: 'the id of a product of this catalogue; did you mean "p-58"?',
      },
      { path: 'scenes[0].products[1]', allowed: 'the id of a product of this catalogue' },
      {
        path: 'scenes[0].materials[0]',
        allowed: 'the id of a material of this catalogue; did you mean "m-1"?',
      },
    ]);
  });

  it('opens a promotion once in a city, and once in all others, for dates in order', () => {
    const others = { channels: ['sms'], easyRecommendIndex: 1 };
    const openings = [opening, opening, others, others];
    expect(issuesOf({ promotions: [{ ...promotion, openings }] })).toMatchObject([
      { path: 'promotions[0].openings[1].city', allowed: 'a city that has no other opening' },
      { path: 'promotions[0].openings[3].city', allowed: 'one opening for all other cities' },
    ]);
    const turned = { ...opening, from: '2026-03-02', to: '2026-03-01' };
    expect(issuesOf({ promotions: [{ ...promotion, openings: [turned] }] })).toMatchObject([
      { path: 'promotions[0].openings[0].to', value: '"2026-03-01"' },
    ]);
  });

  it('refuses a segment of nobody in particular and a condition that is none', () => {
    const segmented = (segment: object) => ({ products: [{ ...product, segments: [segment] }] });
    expect(issuesOf(segmented({ name: '全部' }))).toMatchObject([
      { path: 'products[0].segments[0].brands' },
    ]);
    expect(issuesOf(segmented({ condition: { $where: '1' } }))).toMatchObject([
      { path: 'products[0].segments[0].condition.$where' },
    ]);
  });

  it('refuses a kind of material that does not exist, and an address with a password in it', () => {
    expect(issuesOf({ materials: [{ ...poster, kind: 'video' }] })).toMatchObject([
      { path: 'materials[0].kind', allowed: 'text, poster, link, mini-program, file' },
    ]);
    for (const url of ['javascript:alert(1)', 'https://user:hush@example.com/'])
      expect(issuesOf({ materials: [{ ...poster, url }] })).toMatchObject([
        { path: 'materials[0].url' },
      ]);
  });
});

test('the scripts of a scene stand in four cells, the easiest first', () => {
  const hard = { ...script, id: 'hard', customerLikes: false };
  const cells = cellsOf({ ...scene, scripts: [hard, script] });
  expect(cells.map(({ scripts }) => scripts.map(({ id }) => id))).toEqual([
    [],
    ['open'],
    [],
    ['hard'],
  ]);
});
