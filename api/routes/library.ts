// Versioned data that people write: drafted, published, compared; published versions never change.

import { z } from 'zod';
import type { Library, Version, WithdrawnVersion } from '../../ports/library';
import type { Stores } from '../../ports/stores';
import { CodedError } from '../../rules/base/errors';
import { versionRef } from '../../rules/base/ids';
import { id } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import type { TaskReviewInput } from '../../rules/journey/messages';
import * as answers from '../answers';
import type { ApiDeps } from '../deps';
import { type Endpoint, endpoint } from '../exchange';
import { jsonOf } from '../middleware/body';
import { unknown } from '../scope';

interface Noun<Body> {
  /** Chinese and English name. */
  readonly called: readonly [string, string];
  readonly library: (stores: Stores) => Library<Body>;
  /** Documents the body. */
  readonly schema: z.ZodType;
  /** @throws CodedError naming what is wrong under `body`. */
  readonly read: (body: unknown, id: string) => Body;
  /** What must hold when a version is drafted and when it is published. @throws CodedError naming what does not */
  readonly check?: (version: Pick<Version<Body>, 'id' | 'body'>, deps: ApiDeps) => void;
  /** What must hold besides of what is published. @throws CodedError naming what does not */
  readonly checkToPublish?: (version: Version<Body>, deps: ApiDeps) => Promise<void>;
  /** What whoever publishes a version is told besides. */
  readonly told?: (version: Version<Body>, deps: ApiDeps) => Promise<object>;
  /** From when a version counts, when its body says so. */
  readonly effectiveFrom?: (body: Body) => string | undefined;
  /** Published, they decide over touches that wait for staff: those are judged again once they are in force. */
  readonly rules?: TaskReviewInput['rules'];
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

type FullNoun<Body> = Required<Omit<Noun<Body>, 'rules'>> & Pick<Noun<Body>, 'rules'>;

/** A draft whose body is still to be read. */
const draft = strict({ id, body: z.unknown() });

const versionNumber = z.coerce.number().int().min(1);

/** The endpoints that every kind of versioned data has. */
export function libraryOf<Body>(given: Noun<Body>): LibraryEndpoints {
  const noun: FullNoun<Body> = {
    effectiveFrom: () => undefined,
    inForce: (stores, id) => given.library(stores).current(id),
    show: ({ body }) => body,
    check: () => {},
    checkToPublish: async () => {},
    told: async () => ({}),
    ...given,
  };

  return {
    draft: draftEndpoint(noun),
    publish: publishEndpoint(noun),
    list: listEndpoint(noun),
    current: currentEndpoint(noun),
    versions: versionsEndpoint(noun),
    version: versionEndpoint(noun),
    publications: publicationsEndpoint(noun),
  };
}

function draftEndpoint<Body>(noun: FullNoun<Body>): Endpoint {
  const [zh, en] = noun.called;

  return endpoint({
    summary: [`新建${zh}草稿`, `Draft a version of a ${en}`],
    body: strict({ id, body: noun.schema }),
    // The nulls of conditions are values, so the body is read here.
    rows: true,
    answer: answers.version,

    async handle({ deps, caller, raw }) {
      const { id: name, body: given } = parseWith(draft, jsonOf(raw), '', ['body']);
      const at = nowIso(deps);
      const body = noun.read(given, name);
      noun.check({ id: name, body }, deps);
      const version = await noun.library(deps.stores).draft(name, body, caller.name, at);

      return { status: 201, body: viewOf(noun, version) };
    },
  });
}

function publishEndpoint<Body>(noun: FullNoun<Body>): Endpoint {
  const [zh, en] = noun.called;

  return endpoint({
    summary: [`发布${zh}版本`, `Publish a version of a ${en}`],
    answer: answers.version,

    async handle({ deps, caller, params }) {
      const name = params.id ?? '';
      const number = parseWith(versionNumber, params.version, 'version');
      const at = nowIso(deps);
      const ref = versionRef(name, number);
      const library = noun.library(deps.stores);

      const draft = await library.find(name, number);
      if (draft === null) throw unknown(en, ref);
      if (draft.withdrawn) throw wasWithdrawn(en, ref, draft.withdrawn);
      noun.check(draft, deps);
      await noun.checkToPublish(draft, deps);

      const from = noun.effectiveFrom(draft.body);
      if (noun.rules) await reviewTasks(deps, noun.rules, draft, from);
      const version = existing(
        noun,
        await library.publish(name, number, caller.name, at, from),
        ref,
      );

      return { body: { ...viewOf(noun, version), ...(await noun.told(version, deps)) } };
    },
  });
}

const wasWithdrawn = (en: string, ref: string, { reason }: WithdrawnVersion): CodedError =>
  new CodedError('CONFLICT', `${en} ${ref} was withdrawn: ${reason}; publish a new version`);

/** Before the publication: a crash in between leaves a flow that finds nothing published, and not rules that nobody applies. */
async function reviewTasks(
  { engine }: ApiDeps,
  rules: TaskReviewInput['rules'],
  { id: name, version: number }: Version<unknown>,
  effectiveFrom: string | undefined,
): Promise<void> {
  const from = effectiveFrom === undefined ? {} : { effectiveFrom };
  await engine.reviewTasks({ version: 1, rules, id: name, number, ...from });
}

function listEndpoint<Body>(noun: FullNoun<Body>): Endpoint {
  const [zh, en] = noun.called;

  return endpoint({
    summary: [`${zh}列表`, `Every ${en} with its newest version`],
    answer: answers.listOf(answers.version),

    async handle({ deps }) {
      const versions = await noun.library(deps.stores).list();
      return { body: { items: versions.map((version) => viewOf(noun, version)) } };
    },
  });
}

function currentEndpoint<Body>(noun: FullNoun<Body>): Endpoint {
  const [zh, en] = noun.called;

  return endpoint({
    summary: [`生效中的${zh}`, `The version of a ${en} in force`],
    answer: answers.version,

    async handle({ deps, params: { id: name = '' } }) {
      const version = await noun.inForce(deps.stores, name, nowIso(deps));
      return { body: viewOf(noun, existing(noun, version, name)) };
    },
  });
}

function versionsEndpoint<Body>(noun: FullNoun<Body>): Endpoint {
  const [zh, en] = noun.called;

  return endpoint({
    summary: [`${zh}的全部版本（新在前）`, `Versions of a ${en}, newest first`],
    answer: answers.listOf(answers.version),

    async handle({ deps, params: { id: name = '' } }) {
      const versions = await noun.library(deps.stores).versions(name);
      if (versions.length === 0) throw unknown(en, name);

      return { body: { items: versions.map((version) => viewOf(noun, version)) } };
    },
  });
}

function versionEndpoint<Body>(noun: FullNoun<Body>): Endpoint {
  const [zh, en] = noun.called;

  return endpoint({
    summary: [`${zh}的某个版本`, `One version of a ${en}`],
    answer: answers.version,

    async handle({ deps, params }) {
      const name = params.id ?? '';
      const number = parseWith(versionNumber, params.version, 'version');
      const version = await noun.library(deps.stores).find(name, number);

      return { body: viewOf(noun, existing(noun, version, versionRef(name, number))) };
    },
  });
}

function publicationsEndpoint<Body>(noun: FullNoun<Body>): Endpoint {
  const [zh, en] = noun.called;

  return endpoint({
    summary: [
      `${zh}的发布记录（按时间）`,
      `Every publication of a ${en} in order, with who made it`,
    ],
    answer: answers.listOf(answers.publication),

    async handle({ deps, params: { id: name = '' } }) {
      const items = await noun.library(deps.stores).publications(name);
      if (items.length === 0) throw unknown(en, name);

      return { body: { items } };
    },
  });
}

/** @throws CodedError NOT_FOUND */
function existing<Body>(
  { called: [, en] }: FullNoun<Body>,
  version: Version<Body> | null,
  ref: string,
): Version<Body> {
  if (version === null) throw unknown(en, ref);
  return version;
}

function viewOf<Body>({ show }: FullNoun<Body>, version: Version<Body>): Version<Body> {
  return { ...version, body: show(version) };
}

const nowIso = ({ clock }: ApiDeps): string => new Date(clock.now()).toISOString();
