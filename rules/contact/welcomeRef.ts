// What a welcome is called wherever it is written down: its code is a secret for as long as it lives.

import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** Letters of the digest: enough that no two welcomes meet. */
const LENGTH = 24;

/** The same for the same code, and nobody finds the code from it: WeCom draws codes at random. */
export const welcomeRef = (code: string): string =>
  `welcome-${bytesToHex(sha256(utf8ToBytes(code))).slice(0, LENGTH)}`;
