// Stops a piece of work at its n-th step: the step either happens and nobody hears of it, or does not happen at all.

export class Crash extends Error {
  override readonly name = 'Crash';
}

export type Moment = 'before' | 'after';

/** Counts the calls of every object it wraps, and crashes at the chosen one. */
export function crashAt(
  step: number,
  moment: Moment,
): { wrap<T extends object>(target: T): T; readonly steps: number } {
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    wrap<T extends object>(target: T): T {
      return new Proxy(target, {
        get(object, name, receiver) {
          const member: unknown = Reflect.get(object, name, receiver);
          if (typeof member !== 'function') return member;
          return async (...args: readonly unknown[]) => {
            steps += 1;
            const now = steps === step;
            if (now && moment === 'before') throw new Crash(`before step ${step}`);
            const result: unknown = await member.apply(object, args);
            if (now) throw new Crash(`after step ${step}`);
            return result;
          };
        },
      });
    },
  };
}
