import { type Stack, startStack } from './stack';
import { type WaveUnderKills, waveUnderKills } from './waveUnderKills';

const CONTACTS = 700;

jest.setTimeout(420_000);

let stack: Stack;
let wave: WaveUnderKills;

beforeAll(async () => {
  stack = await startStack('wave');
  const strike = async () => {
    await Promise.all([stack.kill('server'), stack.kill('worker')]);
    await stack.start('worker');
    await stack.start('server');
  };
  wave = await waveUnderKills(
    { ...stack, strike },
    { contacts: CONTACTS, kills: 1, log: () => {} },
  );
});
afterAll(() => stack.stop());

describe('a wave whose worker and server are killed in its middle', () => {
  it('brings every contact to its end', () => {
    expect(wave).toMatchObject({ kills: 1, numbers: { sent: CONTACTS, waiting: 0, failed: 0 } });
  });

  it('reaches every customer, and nobody twice', () => {
    expect(wave).toMatchObject({ received: CONTACTS, receivedTwice: 0, lost: 0 });
  });

  it('leaves a ledger that proves it', () => {
    expect(wave).toMatchObject({ violations: 0 });
  });
});
