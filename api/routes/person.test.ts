import { createFakeApi } from '../../test/fakes/api';
import { openOne } from '../../test/support/singles';

const NOW_ISO = '2026-03-02T02:00:00.000Z';
const PATH = '/api/v1/contacts/c-1:export';

async function withCustomer() {
  const api = await createFakeApi();
  await api.call('put', '/api/v1/contacts:batch', [
    {
      ...{ contactId: 'c-1', city: 'guangzhou', name: '王芳', phone: '13800001234' },
      ...{ unionId: 'u-1', consents: { sms: { marketing: 'granted' } }, facts: { balance: 5 } },
    },
    { contactId: 'c-2', city: 'shenzhen', name: '李雷', phone: '13900001234' },
  ]);
  await openOne(api.stores.deliveries, {
    ...{ touchId: 't-1', contactId: 'c-1', text: '您好，王芳', phone: '+8613800001234' },
    ...{ welcomeCode: 'code-of-the-hour', askedAt: 0, attempt: 1, channel: 'sms', workflowId: 'w' },
  });
  for (const contactId of ['c-1', 'c-2']) {
    const workflowId = `sequence/${contactId}/care`;
    const about = { contactId, city: 'guangzhou', sequenceId: 'care', version: 1, workflowId };
    await api.stores.sequenceEntries.add({
      ...{ ...about, entryId: `care/${contactId}/1`, ordinal: 1, occasion: 'a', entry: 'care/a' },
      ...{ at: NOW_ISO, askedAt: NOW_ISO, state: 'refused', reason: 'too-late' },
    });
    await api.stores.sequenceSteps.keep({
      ...{ ...about, stepId: `${workflowId}/care/a/hello`, step: 'hello', state: 'done' },
      ...{ dueAt: NOW_ISO, at: NOW_ISO },
    });
  }
  await api.stores.staffTasks.open(
    ['c-1', 'c-2'].map((contactId) => ({
      ...{ taskId: `sequence/${contactId}/e/ask`, contactId, city: 'guangzhou', kind: 'task' },
      origin: { sequence: 'a@1', workflowId: `sequence/${contactId}/e`, step: 'ask' },
      ...{ openedAt: NOW_ISO, dueAt: NOW_ISO, expiresAt: NOW_ISO },
    })),
  );
  await api.call('post', '/api/v1/events:batch', [
    { eventId: 'e-1', contactId: 'c-1', type: 'bill-paid', occurredAt: NOW_ISO, data: {} },
    { eventId: 'e-2', contactId: 'c-2', type: 'bill-paid', occurredAt: NOW_ISO, data: {} },
  ]);
  return api;
}

describe('all that is known of a customer', () => {
  it('is the profile whole, with the texts that were sent and what was heard, and of nobody else', async () => {
    const { call } = await withCustomer();
    const { status, body } = await call('get', PATH);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      exportedAt: NOW_ISO,
      profile: { name: '王芳', phone: '+8613800001234', unionId: 'u-1', facts: { balance: 5 } },
      consentEvidence: [
        { channel: 'sms', class: 'marketing', state: 'granted', receivedAt: NOW_ISO },
      ],
      deliveries: [{ touchId: 't-1', text: '您好，王芳' }],
      inbox: [{ kind: 'event', payload: { eventId: 'e-1' } }],
      staffTasks: [{ taskId: 'sequence/c-1/e/ask' }],
      sequenceEntries: [{ entryId: 'care/c-1/1', state: 'refused', reason: 'too-late' }],
      sequenceSteps: [{ stepId: 'sequence/c-1/care/care/a/hello', state: 'done' }],
    });
    expect(JSON.stringify(body)).not.toMatch(/c-2|李雷|code-of-the-hour/);
  });

  it('leaves out what came under a number that others have, too', async () => {
    const { call, stores, put } = await withPhoneReply();
    expect((await call('get', PATH)).body.inbox).toHaveLength(2);
    await put('c-3');
    expect(await stores.contacts.idsByAlias({ kind: 'phone', value: '+8613800001234' })).toEqual([
      'c-1',
      'c-3',
    ]);
    expect((await call('get', PATH)).body.inbox).toHaveLength(1);
  });

  it('is given to who answers for the data of that city, and to nobody else', async () => {
    const { call, keyFor } = await withCustomer();
    expect((await call('get', PATH, undefined, await keyFor('ops'))).status).toBe(403);
    expect((await call('get', PATH, undefined, await keyFor('admin', ['shenzhen']))).status).toBe(
      404,
    );
    expect((await call('get', PATH, undefined, await keyFor('admin', ['guangzhou']))).status).toBe(
      200,
    );
  });
});

/** A reply that came before anybody knew whose number it was. */
async function withPhoneReply() {
  const api = await withCustomer();
  await api.stores.inbox.put([
    {
      ...{ key: 'sms/u-1', kind: 'sms', lane: 'phone/+8613800001234', urgency: 'urgent' },
      ...{ partition: 1, payload: { type: 'upstream', content: '谢谢' }, receivedAt: 0 },
    },
  ]);
  const put = (contactId: string) =>
    api.stores.contacts.upsertMany([{ contactId, city: 'guangzhou', phone: '+8613800001234' }]);
  return { ...api, put };
}
