// API keys: the secret is shown once, at creation; afterwards only its hash is known.

import { z } from 'zod';
import { id, label } from '../../rules/input/input.schema';
import { strict } from '../../rules/input/shape.schema';
import * as answers from '../answers';
import { endpoint } from '../exchange';
import { unknown } from '../scope';
import { hashOf, makeKeyId, makeSecret } from '../secrets';

const role = z.enum(['designer', 'city', 'ops', 'viewer', 'admin', 'machine']);

export const create = endpoint({
  summary: ['新建密钥（密钥只显示一次）', 'Make a key; its secret is shown this once'],
  body: strict({ name: label, role, cities: z.array(id).min(1).max(500).exactOptional() }),
  answer: z.object({ key: answers.key, secret: z.string() }),
  everyCity: true,
  secret: true,
  async handle({ deps, body }) {
    const secret = makeSecret();
    const key = {
      keyId: makeKeyId(),
      createdAt: new Date(deps.clock.now()).toISOString(),
      ...body,
    };
    await deps.stores.keys.add(key, hashOf(secret));
    return { status: 201, body: { key, secret } };
  },
});

export const listKeys = endpoint({
  summary: ['密钥列表', 'Keys, without their secrets'],
  answer: answers.listOf(answers.key),
  everyCity: true,
  handle: async ({ deps }) => ({ body: { items: await deps.stores.keys.list() } }),
});

export const revoke = endpoint({
  summary: ['吊销密钥（立即生效）', 'Revoke a key; it works at once'],
  answer: z.object({ keyId: z.string(), revoked: z.literal(true) }),
  everyCity: true,
  async handle({ deps, params }) {
    const keyId = params.id ?? '';
    if (!(await deps.stores.keys.revoke(keyId, new Date(deps.clock.now()).toISOString())))
      throw unknown('key', keyId);
    return { body: { keyId, revoked: true } };
  },
});
