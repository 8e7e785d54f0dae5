// What every store of triggers' lives promises.

import type { TriggerLifeStore } from '../../ports/triggers';
import { disableTrigger, enableVersion, newTriggerLife } from '../../rules/trigger/life';
import { AT, hoursAfter, type Make } from './builders';

export function describeTriggerLivesContract(name: string, make: Make): void {
  describe(`the lives of triggers ${name}`, () => {
    let lives: TriggerLifeStore;
    beforeEach(async () => {
      lives = (await make()).triggerLives;
    });

    const first = enableVersion(newTriggerLife('gz'), { version: 2, by: 'ann', at: AT });

    it('keeps which version fires, and who had it so', async () => {
      expect(await lives.find('gz')).toBeNull();
      expect(await lives.keep(first)).toBe(true);
      expect(await lives.find('gz')).toEqual(first);
      expect(await lives.enabled()).toEqual([{ triggerId: 'gz', version: 2 }]);

      const act = { by: 'bob', at: hoursAfter(1), reason: 'complaints' };
      const off = disableTrigger(first, act);
      expect(await lives.keep(off)).toBe(true);
      expect(await lives.find('gz')).toEqual({
        ...{ triggerId: 'gz', revision: 2 },
        acts: [
          { kind: 'enabled', version: 2, by: 'ann', at: AT },
          { kind: 'disabled', version: 2, ...act },
        ],
      });
      expect(await lives.enabled()).toEqual([]);
      expect(await lives.list()).toEqual([off]);
    });

    it('takes one of many changes that were made on the same state', async () => {
      for (const next of [first, disableTrigger(first, { by: 'eve', at: AT })]) {
        const rivals = await Promise.all(Array.from({ length: 8 }, () => lives.keep(next)));
        expect(rivals.filter(Boolean)).toHaveLength(1);
      }
    });

    it('keeps of each version the back-test that ended last', async () => {
      const backtest = {
        triggerId: 'gz',
        version: 1,
        at: AT,
        by: 'ann',
        report: { days: [], a: {} },
      };
      await lives.keepBacktest(backtest);
      await lives.keepBacktest({ ...backtest, version: 2, by: 'eve' });
      await lives.keepBacktest({ ...backtest, at: hoursAfter(1) });
      expect(await lives.findBacktest('gz', 1)).toEqual({ ...backtest, at: hoursAfter(1) });
      expect(await lives.findBacktest('gz', 3)).toBeNull();
    });

    it('lists by id', async () => {
      for (const triggerId of ['b', 'a'])
        await lives.keep(enableVersion(newTriggerLife(triggerId), { version: 1, by: 'x', at: AT }));
      expect((await lives.list()).map(({ triggerId }) => triggerId)).toEqual(['a', 'b']);
      expect((await lives.enabled()).map(({ triggerId }) => triggerId)).toEqual(['a', 'b']);
    });
  });
}
