// Signature and encryption of WeCom call-backs (their "encryption and decryption scheme"), on Node's own crypto.

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** Padding counts in blocks of 32 bytes although AES has 16: Node's own unpadding rejects it. */
const BLOCK = 32;
/** 16 random bytes, then the length of the message in 4. */
const HEAD = 20;

/** hex(sha1) over the four values, sorted as strings of bytes and joined. */
export function sign(token: string, timestamp: string, nonce: string, encrypted: string): string {
  const values = [token, timestamp, nonce, encrypted]
    .map((value) => Buffer.from(value))
    .sort(Buffer.compare);
  return createHash('sha1').update(Buffer.concat(values)).digest('hex');
}

/** Compares in constant time: a signature cannot be guessed byte by byte. */
export function isSigned(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Encrypts a message for a receiver. `random` is given in tests only. */
export function encrypt(
  encodingAesKey: string,
  message: string,
  receiver: string,
  random = randomBytes(16),
): string {
  const body = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const plain = Buffer.concat([random, length, body, Buffer.from(receiver)]);
  const pad = BLOCK - (plain.length % BLOCK);
  const { key, iv } = keyOf(encodingAesKey);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);

  return Buffer.concat([
    cipher.update(plain),
    cipher.update(Buffer.alloc(pad, pad)),
    cipher.final(),
  ]).toString('base64');
}

/** The message and whom it is for; null when it was not encrypted with this key. */
export function decrypt(
  encodingAesKey: string,
  encrypted: string,
): { message: string; receiver: string } | null {
  const cipherText = Buffer.from(encrypted, 'base64');
  if (cipherText.length === 0 || cipherText.length % BLOCK !== 0) return null;

  const { key, iv } = keyOf(encodingAesKey);
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  const plain = unpad(Buffer.concat([decipher.update(cipherText), decipher.final()]));
  if (!plain || plain.length < HEAD) return null;

  const end = HEAD + plain.readUInt32BE(HEAD - 4);
  if (end > plain.length) return null;

  return { message: plain.toString('utf8', HEAD, end), receiver: plain.toString('utf8', end) };
}

/** PKCS#7, strictly: every byte of the padding is checked. */
function unpad(padded: Buffer): Buffer | null {
  const pad = padded.at(-1) ?? 0;
  const end = padded.length - pad;
  if (pad < 1 || pad > BLOCK || end < 0) return null;
  return padded.subarray(end).every((byte) => byte === pad) ? padded.subarray(0, end) : null;
}

function keyOf(encodingAesKey: string): { key: Buffer; iv: Buffer } {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  return { key, iv: key.subarray(0, 16) };
}
