// What every store of claims of names promises.

import type { NameClaim } from '../../ports/nameClaims';
import { hoursAfter, type Make } from './builders';

const aClaim = (fields: Partial<NameClaim> = {}): NameClaim => ({
  claimId: 'n-1',
  contactId: 'c-1',
  city: 'guangzhou',
  name: { kind: 'phone', value: '+8613800000000' },
  holders: [{ contactId: 'c-2', city: 'shenzhen' }],
  by: 'import',
  at: hoursAfter(0),
  state: 'waiting',
  ...fields,
});

export function describeNameClaimStoreContract(name: string, make: Make): void {
  describe(`the store of claims of names ${name}`, () => {
    it('keeps a claim once, and what was decided of it', async () => {
      const { nameClaims } = await make();
      await nameClaims.keep([aClaim()]);
      const decision = { by: 'ops', at: hoursAfter(1), reason: 'wrong number' };
      expect(await nameClaims.decide('n-1', 'refused', decision)).toBe(true);
      expect(await nameClaims.decide('n-1', 'granted', decision)).toBe(false);
      expect(await nameClaims.decide('n-9', 'granted', decision)).toBe(false);

      await nameClaims.keep([aClaim(), aClaim({ claimId: 'n-2' })]);
      expect(await nameClaims.find('n-1')).toEqual(aClaim({ state: 'refused', decision }));
      expect(await nameClaims.find('n-2')).toEqual(aClaim({ claimId: 'n-2' }));
      expect(await nameClaims.find('n-9')).toBeNull();
    });

    it('lists by state, and for the cities of either side', async () => {
      const { nameClaims } = await make();
      const granted = aClaim({ claimId: 'n-2', state: 'granted' });
      const other = aClaim({ claimId: 'n-3', city: 'yunfu', holders: [] });
      await nameClaims.keep([aClaim(), granted, other]);

      const ids = async (filter: object) =>
        (await nameClaims.list({ limit: 9, ...filter })).map(({ claimId }) => claimId);
      expect(await ids({})).toEqual(['n-1', 'n-2', 'n-3']);
      expect(await ids({ state: 'waiting' })).toEqual(['n-1', 'n-3']);
      expect(await ids({ cities: ['shenzhen'] })).toEqual(['n-1', 'n-2']);
      expect(await ids({ after: 'n-1', limit: 1 })).toEqual(['n-2']);
    });
  });
}
