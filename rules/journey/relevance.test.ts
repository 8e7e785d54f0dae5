import type { Contact } from '../contact/contact';
import { lostRelevance } from './relevance';

const contact = (over: Partial<Contact>): Contact => ({
  contactId: 'c',
  city: 'yunfu',
  touches: [],
  revision: 0,
  profileRevision: 0,
  ...over,
});

describe('relevance', () => {
  it('holds when there is nothing to hold', () => {
    expect(lostRelevance(contact({}), [])).toBeNull();
  });

  it.each([
    [
      'bill-open',
      { kind: 'bill-open' },
      { facts: { billDueFen: 100 } },
      { facts: { billDueFen: 0 } },
    ],
    [
      'friend-of',
      { kind: 'friend-of', staffId: 's' },
      { relations: [{ staffId: 's', externalUserId: 'e', state: 'friend', addedAt: '' }] },
      { relations: [] },
    ],
    [
      'plan-is',
      { kind: 'plan-is', plan: 'p-1' },
      { plan: { id: 'p-1', fee: 1 } },
      { plan: { id: 'p-2', fee: 1 } },
    ],
    [
      'not-bought',
      { kind: 'not-bought', product: 'p-9' },
      { facts: { products: [] } },
      { facts: { products: ['p-9'] } },
    ],
    ['not-bought', { kind: 'not-bought', product: 'p-9' }, {}, { plan: { id: 'p-9', fee: 9 } }],
    [
      'silent-since',
      { kind: 'silent-since', at: '2026-03-02T00:00:00Z' },
      { facts: { lastSpokeAt: '2026-03-01T00:00:00Z' } },
      { facts: { lastSpokeAt: '2026-03-03T00:00:00Z' } },
    ],
  ] as const)('%s is lost when what it rests on is gone', (name, rule, before, after) => {
    expect(lostRelevance(contact(before), [rule])).toBeNull();
    expect(lostRelevance(contact(after), [rule])).toBe(name);
  });
});
