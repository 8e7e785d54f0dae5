import { aScenario } from '../test/fakes/touchScenario';
import { contactZone } from './journey';

async function zoneOf(contactId = 'c-1', timezone?: string): Promise<string> {
  const scenario = await aScenario({ profile: timezone === undefined ? {} : { timezone } });
  const { deps, published } = scenario.ask([]);
  return (await contactZone(deps, published, contactId)).timezone;
}

test("the zone of a run is the contact's own, else that of the policy", async () => {
  expect(await zoneOf()).toBe('Asia/Shanghai');
  expect(await zoneOf('c-1', 'Asia/Urumqi')).toBe('Asia/Urumqi');
});

test('a contact who is gone has none', async () => {
  await expect(zoneOf('c-9')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
