import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { drawOf } from './digest';

test('draws are the first word of the SHA-256 of the text in UTF-8, however long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(drawOf(text)).toBe(createHash('sha256').update(text, 'utf8').digest().readUInt32BE(0));
    }),
    { seed: 4, numRuns: 500 },
  );
});
