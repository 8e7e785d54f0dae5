import fc from 'fast-check';
import { openProvince, type Province } from '../support/province';

/** What becomes of a call-back: WeCom posts it at once, never, or long after the reconcile. */
const fate = fc.constantFrom('arrives', 'lost', 'late');
type Fate = 'arrives' | 'lost' | 'late';

const LATE_MS = 20 * 60_000;

async function suffer({ control }: Province, path: string, its: Fate): Promise<void> {
  if (its === 'arrives') return;
  const kind = its === 'lost' ? 'drop-callback' : 'reorder-callback';
  await control('faults', { system: 'wecom', path, kind, delayMs: LATE_MS, count: 1 });
}

/** Customers who add a member, and friends whom the member deletes, each with the fate of the call-back. */
async function play(adds: readonly Fate[], removals: readonly Fate[]) {
  const province = await openProvince();
  const { control, minutes, digest, reconcile } = province;
  try {
    for (const i of removals.keys())
      await control(`customers/old-${i}:add-friend`, { staffId: 's-1' });
    await minutes(1);
    await digest();

    for (const [i, its] of adds.entries()) {
      await suffer(province, 'add_external_contact', its);
      await control(`customers/new-${i}:add-friend`, { staffId: 's-2' });
    }
    for (const [i, its] of removals.entries()) {
      await suffer(province, 'del_external_contact', its);
      await control(`customers/old-${i}:delete-friend`, { staffId: 's-1', by: 'staff' });
    }
    await minutes(15);
    await digest();
    const first = await reconcile();
    const then = await friendsIn(province);
    await minutes(20);
    await digest();
    const second = await reconcile();

    const welcomes = province.engine.starts.map(({ workflowId }) => workflowId);
    return { first, then, second, friends: await friendsIn(province), welcomes };
  } finally {
    await province.close();
  }
}

async function friendsIn({ stores }: Province): Promise<string[]> {
  const contacts = await stores.contacts.page(null, 100);
  return contacts.flatMap(({ relations = [] }) =>
    relations
      .filter(({ state }) => state === 'friend')
      .map(({ staffId, externalUserId }) => `${staffId} ${externalUserId}`),
  );
}

test('a reconcile and the call-backs, in any order or alone, make the same friends and one welcome each; a second finds nothing', async () => {
  const some = fc.array(fate, { maxLength: 4 }) as fc.Arbitrary<Fate[]>;
  await fc.assert(
    fc.asyncProperty(some, some, async (adds, removals) => {
      const told = await play(
        adds.map(() => 'arrives'),
        removals.map(() => 'arrives'),
      );
      const played = await play(adds, removals);

      const missing = (fates: readonly Fate[]) => fates.filter((its) => its !== 'arrives').length;
      expect([played.first['relation-made'] ?? 0, played.first['relation-ended'] ?? 0]).toEqual([
        missing(adds),
        missing(removals),
      ]);
      expect(played.then).toEqual(told.friends);
      expect(played.friends).toEqual(told.friends);
      expect(played.second).toEqual({});
      expect([...played.welcomes].sort()).toEqual([...told.welcomes].sort());
      expect(new Set(played.welcomes).size).toBe(adds.length + removals.length);
    }),
    { seed: 7, numRuns: 12 },
  );
}, 60_000);
