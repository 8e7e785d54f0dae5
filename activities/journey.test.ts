import { aScenario } from '../test/fakes/touchScenario';
import { contactZone, finish } from './journey';

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

test('the end of a run of a sequence ends its entry first, and no other', async () => {
  const scenario = await aScenario();
  const { deps } = scenario.ask([]);
  const { stores } = scenario;
  const at = '2026-03-02T02:00:00.000Z';
  const workflowId = 'sequence/c-1/care';
  const run = { workflowId, journey: 'sequence', contactId: 'c-1', city: 'yunfu' } as const;
  await stores.runs.open({ ...run, entry: 'care/b', startedAt: at });
  for (const [ordinal, occasion] of ['a', 'b'].entries())
    await stores.sequenceEntries.add({
      ...{ entryId: `care/c-1/${ordinal}`, sequenceId: 'care', version: 1, contactId: 'c-1' },
      ...{ city: 'yunfu', ordinal, occasion, entry: `care/${occasion}`, at, askedAt: at },
      ...{ workflowId, state: 'running' },
    });

  await finish(deps, { workflowId, runId: 'r-1' }, 'replied');
  const entries = await stores.sequenceEntries.list({ sequenceId: 'care', limit: 9 });
  expect(entries).toMatchObject([
    { occasion: 'a', state: 'running' },
    { occasion: 'b', state: 'ended', outcome: 'replied' },
  ]);
  expect(await stores.runs.find(workflowId)).toMatchObject({ state: 'closed', outcome: 'replied' });
});
