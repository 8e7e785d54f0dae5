// A ledger as the real touch path writes it, of every kind of row, signed and sealed; and ways to write it again.

import type { TouchInput } from '../../activities/contract';
import { sealHours } from '../../activities/seal';
import { touch } from '../../activities/touch/touch';
import { createMemoryStores } from '../../models/memory/stores';
import type { Stores } from '../../ports/stores';
import { PASS } from '../../rules/gate/answer';
import { holdoutRule } from '../../rules/gate/holdout';
import { type LedgerKey, ledgerKey } from '../../rules/ledger/chain';
import { readKeyRing } from '../../rules/ledger/keyRing';
import type { LedgerRow } from '../../rules/ledger/rows';
import { createPseudonyms } from '../../rules/ledger/subject';
import { linked } from '../../rules/ledger/touchState';
import type { Policy } from '../../rules/policy/policy.schema';
import { HOUR_MS, MINUTE_MS } from '../../rules/time/durations';
import { scriptedChannel } from './channel';
import { aScenario, NOON } from './touchScenario';

/** Nobody else knows whose pseudonym is whose. */
export const PSEUDONYM_SECRET = 'the-key-of-the-pseudonyms';

/** As a deployment has it in its configuration. */
export const KEYS = readKeyRing(
  'k1:the-key-that-signs-this-ledger',
  undefined,
  undefined,
  PSEUDONYM_SECRET,
);

export const LEDGER_KEY = ledgerKey(
  'k1',
  'the-key-that-signs-this-ledger',
  createPseudonyms(PSEUDONYM_SECRET),
);

export const SEALED_POLICY: Policy = {
  id: 'default',
  version: 1,
  timezone: 'Asia/Shanghai',
  quietHours: [{ id: 'night', classes: ['marketing'], from: '21:00', to: '09:00' }],
  gaps: [{ id: 'gap-4h', classes: ['marketing'], hours: 4 }],
  caps: [
    {
      id: 'week',
      classes: ['marketing'],
      limit: 2,
      window: { kind: 'rolling', hours: 168 },
      onHit: 'suppress',
    },
  ],
  holdout: { classes: ['marketing'], percent: 30, salt: 'salt', by: 'contact' },
};

const isHeldOut = (contactId: string): boolean =>
  holdoutRule(
    SEALED_POLICY.holdout,
    { contactId },
    { touchId: 't', at: '', channel: 'sms', class: 'marketing' },
  )?.answer(NOON) !== PASS;

/** Ids of contacts, told by what becomes of them. */
function people() {
  const ids = Array.from({ length: 60 }, (_, i) => `c-${i + 1}`);
  const held = ids.filter(isHeldOut);
  const free = ids.filter((id) => !isHeldOut(id));
  const [busy = '', staffed = '', whole = '', reserved = ''] = free;
  return { busy, staffed, whole, reserved, held: held[0] ?? '' };
}

export const PEOPLE = people();

export interface ProvedLedger {
  readonly rows: readonly LedgerRow[];
  /** Lines of the file of seals. */
  readonly seals: readonly string[];
  /** Where it lies. */
  readonly stores: Stores;
}

/** @param stores in memory unless given */
export async function aProvedLedger(
  stores: Stores = createMemoryStores(LEDGER_KEY),
): Promise<ProvedLedger> {
  const scenario = await aScenario({ policy: SEALED_POLICY, stores });
  await fill(scenario);

  const clock = { now: () => NOON + 30 * HOUR_MS };
  await sealHours({ stores, clock, ledgerKey: LEDGER_KEY }, 'try');
  await sealHours({ stores, clock, ledgerKey: LEDGER_KEY }, 'try');

  const rows: LedgerRow[] = [];
  for await (const row of stores.touches.export()) rows.push(row);
  const seals: string[] = [];
  for await (const line of stores.seals.export()) seals.push(JSON.stringify(line));

  return { rows, seals, stores };
}

/** Sends, deferrals, refusals by cap, holdout and personalisation, tasks confirmed and not, over a day and several hours. */
async function fill(scenario: Awaited<ReturnType<typeof aScenario>>): Promise<void> {
  const { stores, time } = scenario;
  const at = new Date(NOON).toISOString();
  const plain = { channel: 'sms', class: 'marketing', text: '新套餐上架' } as const;
  await stores.templates.draft('plain', plain, 'test', at);
  await stores.contacts.upsertMany(
    Object.values(PEOPLE).map((contactId, i) => ({
      contactId,
      city: 'yunfu',
      name: '王',
      phone: `1990000001${i}`,
      channels: { sms: { reachable: true }, wecom: { reachable: true } },
      relations: [{ staffId: 's-1', externalUserId: `wm-${i}`, state: 'friend', addedAt: at }],
      ...(contactId === PEOPLE.reserved && { personalisation: false }),
    })),
  );

  const sms = scriptedChannel('sms');
  const wecom = scriptedChannel('wecom', [], 'tasked');
  const ask = async (
    contactId: string,
    step: string,
    minutes: number,
    more: Partial<TouchInput> = {},
  ) => {
    time.now = NOON + minutes * MINUTE_MS;
    const touchId = `followUp/${contactId}/e/${step}`;
    return touch(
      scenario.ask([sms, wecom], { journey: 'followUp', touchId, contactId, step, ...more }),
    );
  };
  const task = { channel: 'wecom', class: 'service' } as const;
  const settle = (contactId: string, step: string, minutes: number, settled: 'sent' | 'released') =>
    stores.touches.settle(contactId, `followUp/${contactId}/e/${step}`, {
      settled,
      ...(settled === 'released' && { reason: { kind: 'unconfirmed' } }),
      ...(settled === 'sent' && {
        deliveredAt: new Date(NOON + minutes * MINUTE_MS).toISOString(),
      }),
      at: new Date(NOON + minutes * MINUTE_MS).toISOString(),
    });
  const { busy, staffed, whole, reserved, held } = PEOPLE;

  await ask(busy, 'first', 0);
  await ask(whole, 'first', 1);
  const answers = { act: 'added', at, ref: 's-1' } as const;
  await ask(whole, 'welcome', 2, { class: 'reply', answers });
  await ask(busy, 'second', 30);
  await ask(held, 'first', 35);
  await ask(reserved, 'first', 40);
  await ask(reserved, 'plain', 41, { template: 'plain@1' });
  await ask(staffed, 'task', 70, task);
  await settle(staffed, 'task', 90, 'sent');
  await ask(busy, 'second', 245, { attempt: 2 });
  await ask(busy, 'third', 300);
  await ask(staffed, 'more', 310, task);
  await ask(staffed, 'offer', 320);
  await settle(staffed, 'more', 400, 'released');
  await ask(held, 'service', 410, { class: 'service' });
}

/** The rows of each contact numbered and linked again, as somebody would who has the key, or none. */
export function rewritten(rows: readonly LedgerRow[], key?: LedgerKey): LedgerRow[] {
  const last = new Map<string, { chain: string; sequence: number; revision: number }>();

  return rows
    .toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
    .map(({ chain: _, chainKey: __, sequence: ___, ...row }) => {
      const before = last.get(row.contactId) ?? { chain: '', sequence: 0, revision: 0 };
      const isFact = row.kind === 'settlement' || row.verdict === 'pass';
      const revision = before.revision + (isFact ? 1 : 0);
      const next = linked({ ...before, key }, { ...row, revision } as LedgerRow);
      last.set(row.contactId, { chain: next.chain, sequence: next.sequence, revision });
      return next;
    });
}
