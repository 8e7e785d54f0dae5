import { CodedError, type ErrorCode } from '../rules/base/errors';
import { withFailures } from './failures';

const failing = (error: Error) => withFailures(() => Promise.reject(error))(undefined);
const coded = (code: ErrorCode) => new CodedError(code, 'why');

describe('failures of activities', () => {
  it.each(['UNAVAILABLE', 'CONFLICT'] as const)(
    '%s passes by itself and is tried again',
    async (code) => {
      await expect(failing(coded(code))).rejects.toMatchObject({ type: code, nonRetryable: false });
    },
  );

  it.each([
    'INVALID_INPUT',
    'NOT_FOUND',
    'FORBIDDEN',
    'UNAUTHENTICATED',
    'TEMPLATE_INVALID',
  ] as const)('%s is final', async (code) => {
    await expect(failing(coded(code))).rejects.toMatchObject({
      type: code,
      nonRetryable: true,
      message: 'why',
    });
  });

  it('waits as long as the system said', async () => {
    await expect(
      failing(Object.assign(coded('UNAVAILABLE'), { retryAfterMs: 60_000 })),
    ).rejects.toMatchObject({
      nextRetryDelay: 60_000,
    });
  });

  it('leaves errors nobody named to Temporal, which tries again', async () => {
    const surprise = new TypeError('surprise');
    await expect(failing(surprise)).rejects.toBe(surprise);
  });
});
