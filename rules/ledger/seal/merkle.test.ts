import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { createMerkleTree } from './merkle';

const hash = (...parts: (Buffer | string)[]) =>
  parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest();

/** As RFC 6962 defines it: split at the largest power of two below the count. */
function rootOf(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return hash('');
  if (leaves.length === 1) return hash(Buffer.of(0), leaves[0] ?? '');

  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hash(Buffer.of(1), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

describe('the root of a Merkle tree', () => {
  it('is that of RFC 6962, however many leaves there are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 40 }), (leaves) => {
        const tree = createMerkleTree();
        for (const leaf of leaves) tree.add(leaf);
        expect(tree.root()).toBe(rootOf(leaves).toString('hex'));
      }),
    );
  });
});
