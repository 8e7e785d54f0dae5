// What every store of welcome codes promises.

import type { Make } from './builders';

export function describeWelcomeCodeStoreContract(name: string, make: Make): void {
  describe(`the store of welcome codes ${name}`, () => {
    it('keeps a code under its id, and the first of two', async () => {
      const { welcomeCodes } = await make();
      const until = Date.now() + 600_000;
      await welcomeCodes.keep('s-1/wm1/1', 'CODE', until);
      await welcomeCodes.keep('s-1/wm1/1', 'OTHER', until);
      expect(await welcomeCodes.find('s-1/wm1/1')).toBe('CODE');
      expect(await welcomeCodes.find('s-1/wm2/1')).toBeNull();
    });
  });
}
