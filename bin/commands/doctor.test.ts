import { CodedError } from '../../rules/base/errors';
import { createFakeApi } from '../../test/fakes/api';
import { publishedHolidays } from './doctor';

async function sopflow() {
  const api = await createFakeApi();
  const fetch = async (path: string) =>
    new Response(JSON.stringify((await api.call('get', path)).body));
  return { api, ask: () => publishedHolidays(() => ({ fetch })) };
}

describe('the holiday table of a running sopflow', () => {
  it('is the one in force', async () => {
    const { api, ask } = await sopflow();
    expect(await ask()).toBe('none');

    const body = { days: { '2026-10-01': 'rest' }, names: {} };
    await api.call('post', '/api/v1/holidays', { id: 'cn', body });
    expect(await ask()).toBe('none');
    await api.call('post', '/api/v1/holidays/cn/versions/1:publish');
    expect(await ask()).toEqual(body);
  });

  it('is not known where no sopflow runs', async () => {
    const none = () => {
      throw new CodedError('UNAVAILABLE', 'no running sopflow was found');
    };
    expect(await publishedHolidays(none)).toBeUndefined();
  });
});
