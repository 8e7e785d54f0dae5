// Versioned data that people write: drafted, published, compared; published versions never change.

import { z } from 'zod';
import type { Library, Version } from '../../ports/library';
import type { Stores } from '../../ports/stores';
import { id } from '../../rules/input.schema';
import { parseWith } from '../../rules/parse';
import { strict } from '../../rules/shape.schema';
import * as answers from '../answers';
import { type Endpoint, endpoint } from '../exchange';
import { unknown } from '../scope';

interface Noun<Body> {
  /** Chinese and English name. */
  readonly called: readonly [string, string];
  readonly library: (stores: Stores) => Library<Body>;
  /** Documents the body, and checks it unless `read` does. */
  readonly schema: z.ZodType;
  /** @throws CodedError naming what is wrong under `body`. */
  readonly read: (body: unknown, id: string) => Body;
  /** The body as published, when the version is part of it. */
  readonly show?: (version: Version<Body>) => Body;
}

export interface LibraryEndpoints {
  readonly draft: Endpoint;
  readonly publish: Endpoint;
  readonly list: Endpoint;
  readonly current: Endpoint;
  readonly versions: Endpoint;
  readonly version: Endpoint;
}

const versionNumber = z.coerce.number().int().min(1);

/** The six endpoints that every kind of versioned data has. */
export function libraryOf<Body>({
  called: [zh, en],
  library,
  schema,
  read,
  show = ({ body }) => body,
}: Noun<Body>): LibraryEndpoints {
  const view = (version: Version<Body>) => ({ ...version, body: show(version) });
  const found = (version: Version<Body> | null, ref: string) => {
    if (version === null) throw unknown(en, ref);
    return { body: view(version) };
  };
  return {
    draft: endpoint({
      summary: [`新建${zh}草稿`, `Draft a version of a ${en}`],
      body: strict({ id, body: schema }),
      answer: answers.version,
      async handle({ deps, caller, body }) {
        const at = new Date(deps.clock.now()).toISOString();
        const version = await library(deps.stores).draft(body.id, read(body.body, body.id), caller.name, at);
        return { status: 201, body: view(version) };
      },
    }),
    publish: endpoint({
      summary: [`发布${zh}版本`, `Publish a version of a ${en}`],
      answer: answers.version,
      async handle({ deps, caller, params }) {
        const [name, number] = [params.id ?? '', parseWith(versionNumber, params.version, 'version')];
        const at = new Date(deps.clock.now()).toISOString();
        return found(await library(deps.stores).publish(name, number, caller.name, at), `${name}@${number}`);
      },
    }),
    list: endpoint({
      summary: [`${zh}列表`, `Every ${en} with its newest version`],
      answer: answers.listOf(answers.version),
      handle: async ({ deps }) => ({ body: { items: (await library(deps.stores).list()).map(view) } }),
    }),
    current: endpoint({
      summary: [`生效中的${zh}`, `The version of a ${en} in force`],
      answer: answers.version,
      handle: async ({ deps, params }) => found(await library(deps.stores).current(params.id ?? ''), params.id ?? ''),
    }),
    versions: endpoint({
      summary: [`${zh}的全部版本（新在前）`, `Versions of a ${en}, newest first`],
      answer: answers.listOf(answers.version),
      async handle({ deps, params }) {
        const versions = await library(deps.stores).versions(params.id ?? '');
        if (versions.length === 0) throw unknown(en, params.id ?? '');
        return { body: { items: versions.map(view) } };
      },
    }),
    version: endpoint({
      summary: [`${zh}的某个版本`, `One version of a ${en}`],
      answer: answers.version,
      async handle({ deps, params }) {
        const number = parseWith(versionNumber, params.version, 'version');
        return found(await library(deps.stores).find(params.id ?? '', number), `${params.id}@${number}`);
      },
    }),
  };
}
