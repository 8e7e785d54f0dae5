import { contactFromCsv } from './csvContact';

describe('a line of CSV', () => {
  it('becomes a contact: columns are paths, numbers are numbers', () => {
    expect(
      contactFromCsv({
        contactId: 'c-1',
        city: 'yunfu',
        billDay: '15',
        'plan.id': 'p-8',
        'plan.fee': '8',
        'facts.balanceFen': '1200',
      }),
    ).toEqual({
      contactId: 'c-1',
      city: 'yunfu',
      billDay: 15,
      plan: { id: 'p-8', fee: 8 },
      facts: { balanceFen: 1200 },
    });
  });

  it('keeps leading zeros and long digits of texts', () => {
    expect(contactFromCsv({ contactId: '007', phone: '19900000001' })).toEqual({
      contactId: '007',
      phone: '19900000001',
    });
  });

  it('leaves empty cells out and passes a wrong number on for the API to name', () => {
    expect(contactFromCsv({ contactId: 'c', city: '', billDay: 'first' })).toEqual({
      contactId: 'c',
      billDay: 'first',
    });
  });

  it('never reaches into a prototype', () => {
    contactFromCsv({ '__proto__.polluted': 'yes' });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
