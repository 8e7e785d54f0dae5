import type { ContactEvent } from '../journey/messages';
import type { StopRule } from './sequence';
import { endingBy, stopTags } from './stop';

const at = '2026-03-02T02:00:00.000Z';
const ALL: readonly StopRule[] = [
  { kind: 'replied' },
  { kind: 'converted', products: ['p-1'] },
  { kind: 'tagged', tags: ['vip'] },
  { kind: 'opted-out' },
  { kind: 'deleted' },
];

it.each<[Omit<ContactEvent, 'at'>, string | null]>([
  [{ kind: 'spoke' }, 'replied'],
  [{ kind: 'refused' }, 'replied'],
  [{ kind: 'converted', product: 'p-1' }, 'converted'],
  [{ kind: 'converted', product: 'p-2' }, null],
  [{ kind: 'opted-out', channel: 'sms' }, 'opted-out'],
  [{ kind: 'friend-removed', staffId: 's-1' }, 'deleted'],
  [{ kind: 'friend-removed', staffId: 's-2' }, null],
  [{ kind: 'bill-paid' }, null],
])('%j ends the run as %s', (event, ending) => {
  expect(endingBy(ALL, { ...event, at }, 's-1')).toBe(ending);
});

it.each<ContactEvent['kind']>(['spoke', 'converted', 'opted-out', 'friend-removed'])(
  '%s ends nothing that it is no stop condition of',
  (kind) => {
    expect(endingBy([], { kind, at }, 's-1')).toBeNull();
  },
);

it('any purchase converts where no product is named', () => {
  const event = { kind: 'converted', at, product: 'p-2' } as const;
  expect(endingBy([{ kind: 'converted' }], event)).toBe('converted');
});

it('tags that stop are those of all such conditions', () => {
  expect(stopTags([...ALL, { kind: 'tagged', tags: ['done'] }])).toEqual(['vip', 'done']);
});
