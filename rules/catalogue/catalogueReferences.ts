// What a catalogue names must be in it, and every id is given once.

import { nearestName } from '../base/nearestName';
import type { Catalogue } from './catalogue';

interface UnfitPlace {
  readonly path: readonly (string | number)[];
  /** What would be accepted there. */
  readonly allowed: string;
}

/** What is wrong goes to `addIssue` of the schema that reads the catalogue. */
export function refuseUnfitReferences(
  catalogue: Catalogue,
  context: {
    addIssue(issue: { code: 'custom'; path: (string | number)[]; message: string }): void;
  },
): void {
  for (const { path, allowed } of [...repeatedIds(catalogue), ...unknownReferences(catalogue)])
    context.addIssue({ code: 'custom', path: [...path], message: allowed });
}

const NOUNS = {
  products: 'product',
  migrations: 'migration',
  promotions: 'promotion',
  scenes: 'scene',
  materials: 'material',
} as const;

function repeatedIds(catalogue: Catalogue): readonly UnfitPlace[] {
  const ofLists = (Object.keys(NOUNS) as (keyof typeof NOUNS)[]).flatMap((list) =>
    repeated(catalogue[list] ?? [], [list], NOUNS[list]),
  );
  const ofScripts = (catalogue.scenes ?? []).flatMap(({ scripts }, i) =>
    repeated(scripts, ['scenes', i, 'scripts'], 'script of this scene'),
  );

  return [...ofLists, ...ofScripts];
}

function repeated(
  items: readonly { readonly id: string }[],
  path: UnfitPlace['path'],
  noun: string,
): readonly UnfitPlace[] {
  const known = new Set<string>();
  return items.flatMap(({ id }, i) => {
    if (known.has(id))
      return [{ path: [...path, i, 'id'], allowed: `an id that no other ${noun} has` }];
    known.add(id);
    return [];
  });
}

interface Reference {
  readonly id: string;
  readonly path: UnfitPlace['path'];
}

/** Near names are looked for among thousands: for so many places. */
const MAX_HINTS = 20;

function unknownReferences(catalogue: Catalogue): readonly UnfitPlace[] {
  const { migrations, promotions = [], scenes = [] } = catalogue;
  const toProducts: readonly Reference[] = [
    ...migrations.map(({ to }, i) => ({ id: to, path: ['migrations', i, 'to'] })),
    ...promotions.map(({ product }, i) => ({ id: product, path: ['promotions', i, 'product'] })),
    ...scenes.flatMap(({ products = [] }, i) =>
      products.map((id, j) => ({ id, path: ['scenes', i, 'products', j] })),
    ),
  ];
  const toMaterials: readonly Reference[] = scenes.flatMap(({ materials = [] }, i) =>
    materials.map((id, j) => ({ id, path: ['scenes', i, 'materials', j] })),
  );
  const toItself = migrations.flatMap(({ from, to }, i) =>
    to === from ? [{ path: ['migrations', i, 'to'], allowed: 'another product than `from`' }] : [],
  );

  return [
    ...unknown(toProducts, catalogue.products, 'product'),
    ...unknown(toMaterials, catalogue.materials ?? [], 'material'),
    ...toItself,
  ];
}

function unknown(
  references: readonly Reference[],
  items: readonly { readonly id: string }[],
  noun: string,
): readonly UnfitPlace[] {
  const ids = new Set(items.map(({ id }) => id));
  const missing = references.filter(({ id }) => !ids.has(id));

  return missing.map(({ id, path }, i) => {
    const near = i < MAX_HINTS ? nearestName(id, [...ids]) : null;
    const hint = near === null ? '' : `; did you mean "${near}"?`;
    return { path, allowed: `the id of a ${noun} of this catalogue${hint}` };
  });
}
