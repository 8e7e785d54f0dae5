import { createCipheriv } from 'node:crypto';
import * as oracle from '@wecom/crypto';
import fc from 'fast-check';
import { decrypt, encrypt, isSigned, sign } from './crypto';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const RANDOM = Buffer.from('0123456789abcdef');
const SHORT =
  'Q3stYC6hdFzMh9T8HCvyDKf5xMjJx7zzxVVf3LTgHJV0UNI0yj2bIJVxmUCL58Fr69Q00YHhc4NJh69ryGiySg==';
const FULL_PAD =
  'Q3stYC6hdFzMh9T8HCvyDIFLiDMf3G7plWlaMiSm9lWOZkK+qljij1lCiraPyE7AcX7UMWU5oq3Vye89yCIiS4tPfJa4otj5++SOmhJjean25Tyij74lOWAaOwU3bBj4';

describe('WeCom crypto', () => {
  it.each([
    ['a short message', '1234567890123456789', SHORT],
    ['a message that needs a whole block of padding', 'x'.repeat(28), FULL_PAD],
  ])('encrypts and decrypts %s to the letter', (_, message, encrypted) => {
    expect(encrypt(KEY, message, 'wwsandbox0000001', RANDOM)).toBe(encrypted);
    expect(decrypt(KEY, encrypted)).toEqual({ message, receiver: 'wwsandbox0000001' });
  });

  it('signs the four values in the order of their bytes', () => {
    expect(sign('sandboxToken1', '1700000000', 'nonce-1', SHORT)).toBe(
      '7c5bd70a23b71dab3806b0d714f152bee1d40bfc',
    );
  });

  it("opens the official sample's URL verification", () => {
    const key = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
    const echostr =
      'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==';
    expect(sign('QDG6eK', '1409659589', '263014780', echostr)).toBe(
      '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    );
    expect(decrypt(key, echostr)).toEqual({
      message: '1616140317555161061',
      receiver: 'wx5823bf96d3bd56c7',
    });
  });

  it('agrees with the official library on every message', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(
        text,
        fc.stringMatching(/^[a-z0-9]{0,20}$/),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (message, receiver, bytes) => {
          const random = Buffer.from(bytes);
          const encrypted = encrypt(KEY, message, receiver, random);
          expect(encrypted).toBe(oracle.encrypt(KEY, message, receiver, random));
          expect(decrypt(KEY, encrypted)).toEqual({ message, receiver });
          expect(sign('token', '1', 'nonce', encrypted)).toBe(
            oracle.getSignature('token', '1', 'nonce', encrypted),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('opens nothing that was changed, cut or encrypted with another key', () => {
    const encrypted = encrypt(KEY, 'message', 'ww1');
    expect(decrypt(KEY.replace('a', 'b'), encrypted)).toBeNull();
    expect(decrypt(KEY, encrypted.slice(0, 20))).toBeNull();
    expect(decrypt(KEY, '')).toBeNull();
    const bytes = Buffer.from(encrypted, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(decrypt(KEY, bytes.toString('base64'))).toBeNull();
  });

  it('checks every byte of the padding', () => {
    const key = Buffer.from(`${KEY}=`, 'base64');
    const plain = Buffer.concat([
      RANDOM,
      Buffer.from([0, 0, 0, 2]),
      Buffer.from('hi'),
      Buffer.from('ww1'),
    ]);
    const cipherOf = (padding: number[]) => {
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
      return Buffer.concat([
        cipher.update(Buffer.concat([plain, Buffer.from(padding)])),
        cipher.final(),
      ]).toString('base64');
    };
    expect(decrypt(KEY, cipherOf([7, 7, 7, 7, 7, 7, 7]))).toEqual({
      message: 'hi',
      receiver: 'ww1',
    });
    expect(decrypt(KEY, cipherOf([7, 7, 7, 1, 7, 7, 7]))).toBeNull();
    expect(decrypt(KEY, cipherOf([33, 33, 33, 33, 33, 33, 33]))).toBeNull();
    expect(decrypt(KEY, cipherOf([0, 0, 0, 0, 0, 0, 0]))).toBeNull();
  });

  it('takes a signature only when all of it is equal', () => {
    expect(isSigned('abc', 'abc')).toBe(true);
    expect(isSigned('abd', 'abc')).toBe(false);
    expect(isSigned('ab', 'abc')).toBe(false);
  });
});
