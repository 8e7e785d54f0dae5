// The kinds of versioned data, each with the check that its body must pass before it is kept.

import { blackoutTable } from '../../rules/calendar/blackout.schema';
import { catalogue, readCatalogue } from '../../rules/catalogue/catalogue.schema';
import {
  holidayTable,
  quotaLimits,
  readTemplateBody,
  template,
} from '../../rules/catalogue/library.schema';
import { parseWith } from '../../rules/input/parse';
import { readSequence, sequenceBody } from '../../rules/sequence/sequence.schema';
import { guardrails as guardrailsSchema } from '../../rules/trigger/guardrails.schema';
import { policyBody, policyInForce, readPolicy } from '../policies';
import { assertFaultlessSequence } from '../sequenceChecks';
import { checkTexts, publishedTexts } from '../texts';
import { libraryOf } from './library';

export const policies = libraryOf({
  called: ['管控策略', 'policy'],
  rules: 'policies',
  library: (stores) => stores.policies,
  schema: policyBody,
  read: (body, id) => readPolicy(body, id, 'body'),
  effectiveFrom: ({ effectiveFrom }) => effectiveFrom,
  inForce: (stores, id, at) => policyInForce(stores, id, at),
  show: ({ body, id, version }) => ({ ...body, id, version }),
});

export const templates = libraryOf({
  called: ['话术', 'template'],
  library: (stores) => stores.templates,
  schema: template,
  read: (body) => readTemplateBody(body, 'body'),
  check: checkTexts,
  told: (version, deps) => publishedTexts(version, deps, {}),
});

export const catalogues = libraryOf({
  called: ['产品目录', 'catalogue'],
  library: (stores) => stores.catalogues,
  schema: catalogue,
  read: (body) => readCatalogue(body, 'body'),
});

export const holidays = libraryOf({
  called: ['节假日', 'holiday table'],
  rules: 'holidays',
  library: (stores) => stores.holidays,
  schema: holidayTable,
  read: (body) => parseWith(holidayTable, body, 'body'),
});

export const blackouts = libraryOf({
  called: ['营销停发期', 'blackout table'],
  library: (stores) => stores.blackouts,
  schema: blackoutTable,
  read: (body) => parseWith(blackoutTable, body, 'body'),
});

export const quotas = libraryOf({
  called: ['配额', 'quota'],
  library: (stores) => stores.quotas,
  schema: quotaLimits,
  read: (body) => parseWith(quotaLimits, body, 'body'),
});

export const guardrails = libraryOf({
  called: ['商机规则护栏', 'set of guard-rails'],
  library: (stores) => stores.guardrails,
  schema: guardrailsSchema,
  read: (body) => parseWith(guardrailsSchema, body, 'body'),
});

export const sequences = libraryOf({
  called: ['SOP 序列', 'sequence'],
  library: (stores) => stores.sequences,
  schema: sequenceBody,
  read: (body) => readSequence(body, 'body'),
  checkToPublish: (version, { stores }) => assertFaultlessSequence(stores, version),
});
