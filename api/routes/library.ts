// Versioned data that people write: drafted, published, compared; published versions never change.

import { z } from 'zod';
import type { Library, Version } from '../../ports/library';
import type { Stores } from '../../ports/stores';
import { versionRef } from '../../rules/base/ids';
import { id } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
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
  /** From when a version counts, when its body says so. */
  readonly effectiveFrom?: (body: Body) => string | undefined;
  /** What is in force at an instant (ISO), when that is not simply what was published last. */
  readonly inForce?: (stores: Stores, id: string, at: string) => Promise<Version<Body> | null>;
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
  readonly publications: Endpoint;
}

const versionNumber = z.coerce.number().int().min(1);

/** The six endpoints that every kind of versioned data has. */
export function libraryOf<Body>({
  called: [zh, en],
  library,
  schema,
  read,
  effectiveFrom = () => undefined,
  inForce = (stores, id) => library(stores).current(id),
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
        const version = await library(deps.stores).draft(
          body.id,
          read(body.body, body.id),
          caller.name,
          at,
        );
        return { status: 201, body: view(version) };
      },
    }),
    publish: endpoint({
      summary: [`发布${zh}版本`, `Publish a version of a ${en}`],
      answer: answers.version,
      async handle({ deps, caller, params }) {
        const [name, number] = [
          params.id ?? '',
          parseWith(versionNumber, params.version, 'version'),
        ];
        const at = new Date(deps.clock.now()).toISOString();
        const ref = versionRef(name, number);
        const given = await library(deps.stores).find(name, number);
        if (given === null) throw unknown(en, ref);
        return found(
          await library(deps.stores).publish(
            name,
            number,
            caller.name,
            at,
            effectiveFrom(given.body),
          ),
          ref,
        );
      },
    }),
    list: endpoint({
      summary: [`${zh}列表`, `Every ${en} with its newest version`],
      answer: answers.listOf(answers.version),
      handle: async ({ deps }) => ({
        body: { items: (await library(deps.stores).list()).map(view) },
      }),
    }),
    current: endpoint({
      summary: [`生效中的${zh}`, `The version of a ${en} in force`],
      answer: answers.version,
      async handle({ deps, params: { id: name = '' } }) {
        const at = new Date(deps.clock.now()).toISOString();
        return found(await inForce(deps.stores, name, at), name);
      },
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
    publications: endpoint({
      summary: [
        `${zh}的发布记录（按时间）`,
        `Every publication of a ${en} in order, with who made it`,
      ],
      answer: answers.listOf(answers.publication),
      async handle({ deps, params: { id: name = '' } }) {
        const items = await library(deps.stores).publications(name);
        if (items.length === 0) throw unknown(en, name);
        return { body: { items } };
      },
    }),
    version: endpoint({
      summary: [`${zh}的某个版本`, `One version of a ${en}`],
      answer: answers.version,
      async handle({ deps, params }) {
        const number = parseWith(versionNumber, params.version, 'version');
        return found(
          await library(deps.stores).find(params.id ?? '', number),
          `${params.id}@${number}`,
        );
      },
    }),
  };
}
