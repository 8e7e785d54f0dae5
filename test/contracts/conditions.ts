// What every store of conditions promises.

import type { Meeting } from '../../ports/conditions';
import { AT, hoursAfter, type Make } from './builders';

const NOT_TRUSTED: Meeting = { system: 'wecom', code: '60020', fault: 'ours', isWide: true };
const ONE_MEMBER: Meeting = { system: 'wecom', code: '60011', fault: 'ours', isWide: false };

export function describeConditionStoreContract(name: string, make: Make): void {
  describe(`the store of conditions ${name}`, () => {
    it('counts how often a condition was met, and since when', async () => {
      const { conditions } = await make();
      await conditions.meet({ ...NOT_TRUSTED, at: AT, times: 1 });
      await conditions.meet({ ...NOT_TRUSTED, at: hoursAfter(1), times: 7 });
      await conditions.meet({ ...ONE_MEMBER, at: hoursAfter(2), times: 1 });
      expect(await conditions.list()).toEqual([
        { ...ONE_MEMBER, since: hoursAfter(2), lastAt: hoursAfter(2), times: 1 },
        { ...NOT_TRUSTED, since: AT, lastAt: hoursAfter(1), times: 8 },
      ]);
    });

    it('ends what no call can get past with the next that does, of that system alone', async () => {
      const { conditions } = await make();
      await conditions.meet({ ...NOT_TRUSTED, at: AT, times: 1 });
      await conditions.meet({ ...NOT_TRUSTED, system: 'sms', at: AT, times: 1 });
      await conditions.worked('wecom', { at: AT, quietSince: AT });
      expect(await conditions.list()).toHaveLength(2);
      await conditions.worked('wecom', { at: hoursAfter(1), quietSince: AT });
      expect((await conditions.list()).map(({ system }) => system)).toEqual(['sms']);
    });

    it('keeps what is about one member until nobody meets it any more, whoever else gets through', async () => {
      const { conditions } = await make();
      await conditions.meet({ ...ONE_MEMBER, at: hoursAfter(1), times: 1 });
      await conditions.worked('wecom', { at: hoursAfter(2), quietSince: hoursAfter(1) });
      expect(await conditions.list()).toHaveLength(1);
      await conditions.worked('wecom', { at: hoursAfter(3), quietSince: hoursAfter(2) });
      expect(await conditions.list()).toEqual([]);
    });
  });
}
