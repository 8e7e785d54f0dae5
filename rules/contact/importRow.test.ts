import { readImportRow } from './importRow.schema';

test.each([' ', '\u3000', ''])(
  'a name of blanks (%j) comes in as none, and its row with the rest',
  (name) => {
    expect(readImportRow({ contactId: 'c-1', city: 'yunfu', name })).toEqual({
      contactId: 'c-1',
      city: 'yunfu',
    });
  },
);

test('blanks at either end are no part of a name', () => {
  expect(readImportRow({ contactId: 'c-1', name: ' 王 明\u3000' }).name).toBe('王 明');
});
