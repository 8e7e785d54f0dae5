// What the store of addresses promises, and what contacts make of it: a refusal binds whoever has its address, now or later.

import type { Address } from '../../ports/addresses';
import type { Stores } from '../../ports/stores';
import type { ConsentStatement } from '../../rules/contact/consentLog';
import { AT, aProfile, given, hoursAfter, type Make, read } from './builders';

const PHONE = '+8613900000001';
const phone = { kind: 'phone', value: PHONE } as const;
const refusal: ConsentStatement = {
  ...{ channel: 'sms', class: 'marketing', state: 'refused', source: 'sms-reply', own: true },
  receivedAt: AT,
} as const;
const bound = {
  consents: { sms: { marketing: 'refused' } },
  holds: [{ channel: 'sms', reason: 'opt-out' }],
};
const held = { channel: 'sms', reason: 'reply-unclear' };

export function describeAddressStoreContract(name: string, make: Make): void {
  describe(`the store of addresses ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => {
      stores = await make();
    });

    it('keeps what was said from an address and what waits there, each once', async () => {
      const { addresses } = stores;
      expect(await addresses.find(phone)).toBeNull();
      for (const _ of [1, 2]) {
        await addresses.tell(phone, refusal);
        await addresses.hold(phone, { channel: 'sms', reply: 'r-1' });
      }
      await addresses.hold(phone, { channel: 'sms', reply: 'r-2' });
      const statements = [{ ...refusal, address: `phone:${PHONE}` }];
      expect(await addresses.find(phone)).toEqual({ statements, heldChannels: ['sms'] });
      await addresses.release(phone, 'r-1');
      expect((await addresses.find(phone))?.heldChannels).toEqual(['sms']);
      await addresses.release(phone, 'r-2');
      await addresses.release(phone, 'r-9');
      expect(await addresses.find(phone)).toEqual({ statements, heldChannels: [] });
    });

    it('binds whoever has the address, once, and nobody else', async () => {
      const { contacts } = stores;
      await given(stores, { phone: PHONE });
      await given(stores, { contactId: 'c-2', phone: '+8613900000002' });
      await stores.addresses.tell(phone, refusal);
      for (const id of ['c-1', 'c-2']) expect(await contacts.takeOver(id)).toBe(true);
      const before = await read(stores);
      expect(before).toMatchObject({ ...bound, profileRevision: 2 });
      expect(await read(stores, 'c-2')).not.toHaveProperty('consents');
      expect(await contacts.takeOver('c-1')).toBe(true);
      expect(await read(stores)).toEqual(before);
      expect(await contacts.consentLog('c-1')).toEqual([{ ...refusal, address: `phone:${PHONE}` }]);
      expect(await contacts.takeOver('c-9')).toBe(false);
    });

    it('binds a contact that gets the address later, by an import, an edit or WeCom', async () => {
      const { contacts, addresses } = stores;
      const inWecom = { kind: 'externalUserId', value: 'wm-1' } as const;
      await addresses.tell(phone, refusal);
      await addresses.tell(inWecom, { ...refusal, channel: 'wecom', source: 'wecom-chat' });

      const claim = { sms: { marketing: 'granted' } } as const;
      await given(stores, { phone: PHONE, consents: claim });
      expect(await read(stores)).toMatchObject({ ...bound, profileRevision: 1 });

      for (const contactId of ['c-2', 'c-3', 'c-4']) await given(stores, { contactId });
      await contacts.upsertMany([{ contactId: 'c-2', phone: PHONE, consents: claim }], AT);
      await contacts.patch('c-3', { phone: PHONE });
      for (const id of ['c-2', 'c-3']) expect(await read(stores, id)).toMatchObject(bound);

      const friend = {
        staffId: 's-1',
        externalUserId: 'wm-1',
        state: 'friend',
        addedAt: AT,
      } as const;
      await contacts.relate('c-4', friend);
      expect((await read(stores, 'c-4')).consents).toEqual({ wecom: { marketing: 'refused' } });
    });

    it('lets a later word of one customer lift it for him alone, and no list', async () => {
      const { contacts, addresses } = stores;
      for (const contactId of ['c-1', 'c-2']) await given(stores, { contactId, phone: PHONE });
      await addresses.tell(phone, refusal);
      for (const id of ['c-1', 'c-2']) await contacts.takeOver(id);
      const yes = {
        ...refusal,
        state: 'granted',
        source: 'app',
        receivedAt: hoursAfter(1),
      } as const;
      await contacts.consent('c-1', [yes]);
      await contacts.upsertMany([aProfile({ phone: PHONE })], hoursAfter(2));
      const after = await read(stores);
      expect(after.consents).toEqual({ sms: { marketing: 'granted' } });
      expect(after).not.toHaveProperty('holds');
      expect(await read(stores, 'c-2')).toMatchObject(bound);
    });

    it('holds whoever has the address until the answer was read, also who gets it meanwhile', async () => {
      const { contacts, addresses } = stores;
      await given(stores, { phone: PHONE });
      await addresses.hold(phone, { channel: 'sms', reply: 'r-1' });
      await contacts.takeOver('c-1');
      await given(stores, { contactId: 'c-2', phone: PHONE });
      for (const id of ['c-1', 'c-2']) expect((await read(stores, id)).holds).toEqual([held]);
      await contacts.patch('c-2', { phone: null });
      expect(await read(stores, 'c-2')).not.toHaveProperty('holds');
      await addresses.release(phone, 'r-1');
      await contacts.takeOver('c-1');
      expect(await read(stores)).not.toHaveProperty('holds');
    });

    it('holds a customer whose address nobody knows by his own id', async () => {
      const own: Address = { kind: 'contactId', value: 'c-1' };
      await given(stores);
      await stores.addresses.hold(own, { channel: 'wecom', reply: 'r-1' });
      await stores.contacts.takeOver('c-1');
      expect((await read(stores)).holds).toEqual([{ channel: 'wecom', reason: 'reply-unclear' }]);
      await stores.contacts.upsertMany([aProfile({ phone: PHONE })], AT);
      expect((await read(stores)).holds).toEqual([{ channel: 'wecom', reason: 'reply-unclear' }]);
    });

    it('misses nobody who gets the address while the refusal is being told', async () => {
      const { contacts, addresses } = stores;
      const getting = Array.from({ length: 12 }, (_, i) =>
        contacts.upsertMany([aProfile({ contactId: `c-${i}`, phone: PHONE })], AT),
      );
      const telling = addresses.tell(phone, refusal).then(async () => {
        for (const id of await contacts.idsByAlias(phone)) await contacts.takeOver(id);
      });
      await Promise.all([...getting, telling]);
      for (let i = 0; i < 12; i++) expect(await read(stores, `c-${i}`)).toMatchObject(bound);
    });
  });
}
