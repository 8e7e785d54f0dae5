// A Merkle tree of texts, as RFC 6962 builds it, fed one leaf after the other: it holds a node for each level and not the leaves.

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils';

export interface MerkleTree {
  add(leaf: string): void;
  /** Of the leaves so far, in hex. */
  root(): string;
}

// Told apart, so that no node can be passed off as a leaf.
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

interface Subtree {
  readonly height: number;
  readonly hash: Uint8Array;
}

export function createMerkleTree(): MerkleTree {
  /** From left to right, each higher than the next. */
  const subtrees: Subtree[] = [];

  return {
    add(leaf) {
      let last: Subtree = { height: 0, hash: sha256(concatBytes(LEAF, utf8ToBytes(leaf))) };
      while (subtrees.at(-1)?.height === last.height) {
        const left = subtrees.pop() ?? last; // it was just seen
        last = { height: last.height + 1, hash: nodeOf(left.hash, last.hash) };
      }
      subtrees.push(last);
    },

    root() {
      const [last, ...lefts] = subtrees.toReversed();
      if (!last) return bytesToHex(sha256(''));
      return bytesToHex(lefts.reduce((right, left) => nodeOf(left.hash, right), last.hash));
    },
  };
}

const nodeOf = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concatBytes(NODE, left, right));
