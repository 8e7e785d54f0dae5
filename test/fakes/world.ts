// A contact, a catalogue and the intake's handlers over fakes, with journeys that keep the signals they get.

import { inboundSystem, inboundWecom } from '../../intake/inbound';
import type { SystemCallback, WecomCallback } from '../../ports/callbacks';
import type { Inbound } from '../../ports/inbox';
import { journeyId } from '../../rules/base/ids';
import { createFakeApi, NOW } from './api';
import { enableTrigger, OVERAGE } from './triggers';

/** A minute before NOW. */
export const AT = '2026-03-02T01:59:00.000Z';
const catalogue = {
  products: [
    { id: 'pack', name: '流量包', kind: 'data-pack' as const, fee: 10, onShelf: true },
    { id: 'plan-b', name: '套餐B', kind: 'plan' as const, fee: 99, onShelf: true },
  ],
  migrations: [],
};

export async function aWorld() {
  const api = await createFakeApi();
  await api.stores.contacts.upsertMany([
    {
      contactId: 'c-1',
      city: 'guangzhou',
      phone: '+8613800001234',
      channels: { sms: { reachable: true } },
    },
  ]);
  await api.stores.catalogues.draft('default', catalogue, 'test', AT);
  await api.stores.catalogues.publish('default', 1, 'test', AT);
  await enableTrigger(api.stores, 'builtin-overage', OVERAGE);
  const contact = async (contactId = 'c-1') => {
    const found = await api.stores.contacts.find(contactId);
    if (!found) throw new Error(`${contactId} is missing`);
    return found;
  };
  /** A running journey that keeps the signals it gets. */
  const running = (entry = '2026-03-01') =>
    api
      .call('post', '/api/v1/journeys/monthStart/runs', {
        contactId: 'c-1',
        billedAt: `${entry}T00:00:00+08:00`,
      })
      .then(() => journeyId('monthStart', 'c-1', entry));
  const event = (
    type: string,
    data: object = {},
    more: Partial<Inbound> & { occurredAt?: string; eventId?: string } = {},
  ) => {
    const { occurredAt = AT, eventId = 'e-1', ...item } = more;
    return api.handle({
      key: eventId,
      kind: 'event',
      lane: 'contact/c-1',
      receivedAt: NOW,
      payload: { eventId, type, contactId: 'c-1', occurredAt, data },
      ...item,
    });
  };
  const wecom = (callback: WecomCallback) => api.handle(inboundWecom(callback, NOW));
  const system = (callback: SystemCallback) => api.handle(inboundSystem(callback, NOW));
  const heard = () => api.engine.signalled.map(({ message }) => message.body);
  return { ...api, contact, running, event, wecom, system, heard };
}
