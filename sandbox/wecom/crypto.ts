// WeCom's callback cryptography, written from its description and not from the client's: each proves the other.

import { createCipheriv, createHash, randomBytes } from 'node:crypto';

const BLOCK = 32;

/** AES-256-CBC of random(16) ‖ length ‖ text ‖ receiver, padded to blocks of 32 bytes. */
export function seal(
  encodingAesKey: string,
  text: string,
  receiver: string,
  random: Buffer = randomBytes(16),
): string {
  const content = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const plain = Buffer.concat([random, length, content, Buffer.from(receiver, 'utf8')]);
  const pad = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', ...keyOf(encodingAesKey)).setAutoPadding(false);

  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64');
}

/** Hex SHA-1 over the four values in byte order. */
export function sign(token: string, timestamp: string, nonce: string, sealed: string): string {
  return createHash('sha1').update([token, timestamp, nonce, sealed].sort().join('')).digest('hex');
}

function keyOf(encodingAesKey: string): [key: Buffer, iv: Buffer] {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  if (key.length !== 32)
    throw new Error(`an EncodingAESKey has 43 characters, this one ${encodingAesKey.length}`);
  return [key, key.subarray(0, 16)];
}
