import { createFakeApi } from '../../test/fakes/api';
import { ROUTES } from '../routes';

const fits = (method: string, path: string, body: unknown): boolean =>
  ROUTES.find(
    (route) => route.method === method && route.path === path,
  )?.endpoint.answer?.safeParse(body).success ?? false;

const product = (id: string, fields: object = {}) => ({
  ...{ id, name: `${id} 套餐`, kind: 'plan', fee: 58, onShelf: true, ...fields },
});
const promotion = (id: string, openings: readonly object[], fields: object = {}) => ({
  ...{ id, name: id, product: 'p-58', openings, ...fields },
});

const CATALOGUE = {
  products: [
    product('p-58', { category: '4G流量王', advantages: ['含 10GB'] }),
    product('p-88', { onShelf: false }),
  ],
  migrations: [],
  promotions: [
    promotion('slow', [{ channels: ['sms'], easyRecommendIndex: 20 }]),
    promotion('double', [
      { city: 'gz', channels: ['wecom'], easyRecommendIndex: 90 },
      { channels: ['wecom'], easyRecommendIndex: 10 },
    ]),
    promotion('over', [{ channels: ['wecom'], easyRecommendIndex: 99, to: '2026-03-01' }]),
  ],
  scenes: [
    {
      ...{ id: 'balance', name: '查话费', hotTopics: ['话费余额'] },
      scripts: [{ id: 'calc', customerLikes: true, staffLikes: false, text: '帮您算了一下' }],
    },
  ],
  materials: [
    { id: 'm-1', kind: 'poster', name: '海报', url: 'https://a.example/1.png', tags: ['春季'] },
    { id: 'm-2', kind: 'text', name: '问候', text: '您好' },
  ],
};

const ROOT = '/api/v1/catalogues/default';

async function published() {
  const api = await createFakeApi();
  await api.call('post', '/api/v1/catalogues', { id: 'default', body: CATALOGUE });
  await api.call('post', `${ROOT}/versions/1:publish`);
  return {
    async ids(path: string): Promise<readonly string[]> {
      const answer = await api.call('get', `${ROOT}/${path}`);
      expect(fits('get', `/api/v1/catalogues/{id}/${path.replace(/\?.*/, '')}`, answer.body)).toBe(
        true,
      );
      return answer.body.items.map(({ id }: { id: string }) => id);
    },
    get: async (path: string) => (await api.call('get', `${ROOT}/${path}`)).body,
  };
}

describe('the catalogue in force', () => {
  it('lists what is open in a city, on a channel and on a date, the easiest to recommend first', async () => {
    const { ids, get } = await published();
    expect(await ids('promotions?city=gz')).toEqual(['double', 'slow']);
    expect(await ids('promotions?city=qy')).toEqual(['slow', 'double']);
    expect(await ids('promotions')).toEqual(['double', 'slow']);
    expect(await ids('promotions?city=qy&channel=wecom')).toEqual(['double']);
    expect(await ids('promotions?city=qy&date=2026-03-01')).toEqual(['over', 'slow', 'double']);
    expect((await get('promotions?city=gz')).items[0].easyRecommendIndex).toBe(90);
  });

  it('finds products by a word, a category and the shelf, with what is open for them', async () => {
    const { ids, get } = await published();
    expect(await ids('products')).toEqual(['p-58', 'p-88']);
    expect(await ids('products?q=10gb')).toEqual(['p-58']);
    expect(await ids('products?onShelf=false')).toEqual(['p-88']);
    expect(await ids(`products?category=${encodeURIComponent('4G流量王')}`)).toEqual(['p-58']);
    const { items, catalogue } = await get('products?city=gz&channel=wecom');
    expect(catalogue).toBe('default@1');
    expect(items[0].promotions).toEqual([{ id: 'double', name: 'double', easyRecommendIndex: 90 }]);
  });

  it('shows the scripts of a scene in four cells, in words', async () => {
    const { ids, get } = await published();
    expect(await ids(`scenes?q=${encodeURIComponent('算了')}`)).toEqual(['balance']);
    const [scene] = (await get('scenes')).items;
    expect(scene.cells).toHaveLength(4);
    expect(scene.cells[1]).toMatchObject({
      words: { 'zh-CN': '客户爱听，员工不爱说' },
      scripts: [{ id: 'calc' }],
    });
  });

  it('finds materials by kind and tag', async () => {
    const { ids } = await published();
    expect(await ids('materials?kind=text')).toEqual(['m-2']);
    expect(await ids(`materials?tag=${encodeURIComponent('春季')}`)).toEqual(['m-1']);
  });

  it('is paged by the last id', async () => {
    const { ids, get } = await published();
    expect((await get('products?limit=1')).next).toBe('p-58');
    expect(await ids('products?limit=1&after=p-58')).toEqual(['p-88']);
    expect((await get('products?after=gone')).issues).toMatchObject([{ path: 'after' }]);
  });

  it('is not there before one is published', async () => {
    const api = await createFakeApi();
    expect((await api.call('get', `${ROOT}/products`)).status).toBe(404);
  });
});

test('a catalogue is checked without being kept', async () => {
  const api = await createFakeApi();
  const check = async (body: object) =>
    (await api.call('post', '/api/v1/catalogues:validate', body)).body;
  expect(await check(CATALOGUE)).toEqual({ valid: true, issues: [] });
  const wrong = await check({ ...CATALOGUE, products: [] });
  expect(wrong).toMatchObject({
    valid: false,
    issues: [{ path: 'promotions[0].product' }, {}, {}],
  });
  expect((await api.call('get', '/api/v1/catalogues')).body.items).toEqual([]);
});
