// A WeCom that keeps mass sends: made by a channel, confirmed by members, cancelled, and read back.

import type { Channel, Delivered, Delivery } from '../../ports/channel';
import type { RowResult, WecomDesk } from '../../ports/wecom';

interface MassSend {
  readonly staffId: string;
  readonly text: string;
  readonly createdAt: number;
  readonly results: Map<string, RowResult>;
  cancelled: boolean;
}

type Desk = Pick<WecomDesk, 'hasSent' | 'massSendResults' | 'cancelMassSend'>;

export interface FakeMassSends {
  readonly channel: Channel;
  readonly desk: Desk;
  readonly sends: ReadonlyMap<string, MassSend>;
  /** The member confirms: whoever is in it gets it now, but for those with another result. */
  confirm(msgid: string, others?: Readonly<Record<string, RowResult>>): void;
  /** Messages that members can still confirm with the customer in it. */
  open(externalUserId: string): readonly string[];
}

/** @param landsWithinMs see `Channel` */
export function createMassSends(clock: { now(): number }, landsWithinMs = 90_000): FakeMassSends {
  const sends = new Map<string, MassSend>();

  function make(staffId: string, text: string, customers: readonly string[]): string {
    const msgid = `msg-${sends.size + 1}`;
    const results = new Map(customers.map((id) => [id, { kind: 'waiting' } as RowResult]));
    sends.set(msgid, { staffId, text, results, createdAt: clock.now(), cancelled: false });
    return msgid;
  }

  /** Those of one text by one member are one mass send. */
  function deliver(deliveries: readonly Delivery[]): PromiseSettledResult<Delivered>[] {
    const keyOf = ({ staffId = '', text }: Delivery) => `${staffId} ${text}`;
    const groups = new Map<string, string[]>();
    for (const delivery of deliveries) {
      const customers = groups.get(keyOf(delivery)) ?? [];
      customers.push(delivery.externalUserId ?? '');
      groups.set(keyOf(delivery), customers);
    }

    const made = new Map<string, string>();
    return deliveries.map((delivery) => {
      const { staffId = '', text } = delivery;
      const key = keyOf(delivery);
      const channelRef = made.get(key) ?? make(staffId, text, groups.get(key) ?? []);
      made.set(key, channelRef);
      return { status: 'fulfilled', value: { kind: 'tasked', channelRef } };
    });
  }

  const lookup = ({ text, externalUserId = '', askedAt, replaces }: Delivery): Delivered | null => {
    const found = [...sends].find(
      ([msgid, send]) =>
        msgid !== replaces &&
        send.text === text &&
        send.createdAt >= askedAt &&
        send.results.has(externalUserId),
    );
    return found ? { kind: 'tasked', channelRef: found[0] } : null;
  };

  return {
    sends,
    channel: {
      name: 'wecom',
      maxBytes: 4000,
      landsWithinMs: () => landsWithinMs,
      deliverMany: async (deliveries) => deliver(deliveries),
      lookup: async (delivery) => lookup(delivery),
    },
    desk: {
      hasSent: async (msgid) =>
        [...(sends.get(msgid)?.results.values() ?? [])].some(({ kind }) => kind !== 'waiting'),
      massSendResults: async (msgid) => sends.get(msgid)?.results ?? null,
      cancelMassSend: async (msgid) => {
        const send = sends.get(msgid);
        if (send) send.cancelled = true;
      },
    },
    confirm(msgid, others = {}) {
      const send = sends.get(msgid);
      if (!send || send.cancelled) return;
      for (const id of send.results.keys())
        send.results.set(id, others[id] ?? { kind: 'sent', deliveredAt: clock.now() });
    },
    open: (externalUserId) =>
      [...sends]
        .filter(([, { cancelled, results }]) => !cancelled && results.has(externalUserId))
        .map(([msgid]) => msgid),
  };
}
