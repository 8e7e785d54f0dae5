// Tasks of staff: listed, looked into with what to say, and done, postponed, or left because nobody was reached.

import { z } from 'zod';
import { actOnTask } from '../../intake/staffTasks';
import type { StaffTask } from '../../ports/staffTasks';
import { parseVersionRef, referredId } from '../../rules/base/ids';
import type { Catalogue } from '../../rules/catalogue/catalogue';
import { sayingsOfScene, sayingsOfTemplate } from '../../rules/catalogue/saying';
import { variablesOf } from '../../rules/catalogue/variables';
import { STAFF_TASK_STATES, type StaffTaskAct, taskDueAt } from '../../rules/contact/staffTask';
import { id, joinedId, reasonGiven, utc } from '../../rules/input/input.schema';
import { parseWith } from '../../rules/input/parse';
import { strict } from '../../rules/input/shape.schema';
import { STAFF_ACTIONS } from '../../rules/sequence/sequence';
import { formatInstant } from '../../rules/time/instant';
import { staffTaskWords } from '../../rules/words/staffTask';
import * as answers from '../answers';
import type { ApiDeps } from '../deps';
import { type Endpoint, type Exchange, endpoint } from '../exchange';
import { page, pageQuery } from '../paging';
import { allows, scopeOf, unknown } from '../scope';

const phrase = z.object({ zh: z.string(), en: z.string() });
const task = z.looseObject({
  taskId: z.string(),
  contactId: z.string(),
  city: z.string(),
  staffId: z.string().optional(),
  kind: z.enum(STAFF_ACTIONS),
  state: z.enum(STAFF_TASK_STATES),
  words: z.object({ kind: phrase, state: phrase }),
  dueAt: z.string(),
  expiresAt: z.string(),
  acts: z.array(z.looseObject({ did: z.string(), by: z.string(), at: z.string() })),
});
const saying = z.looseObject({ text: z.string().optional(), lacks: z.string().optional() });
const shownTask = task.extend({
  say: z.object({ texts: z.array(saying), scripts: z.array(saying) }),
});
/** An id holds slashes: it stands in the path URL-encoded, or in the query as it is. */
const taskQuery = strict({ id: joinedId.exactOptional() });
const place = z
  .string()
  .regex(/^[^/]+\/.+$/, 'the `next` of the page before')
  .transform((text) => {
    const end = text.indexOf('/');
    return { dueAt: text.slice(0, end), taskId: text.slice(end + 1) };
  });

export const listTasks = endpoint({
  summary: [
    '员工任务列表（按员工、城市、状态、类型、应做时间，游标分页）',
    'Tasks of staff by member, city, state, kind and when they are to be done',
  ],
  query: strict({
    ...pageQuery,
    staffId: id.exactOptional(),
    contactId: id.exactOptional(),
    city: id.exactOptional(),
    kind: z.enum(STAFF_ACTIONS).exactOptional(),
    state: z.enum(STAFF_TASK_STATES).exactOptional(),
    dueBefore: utc.exactOptional(),
  }),
  answer: answers.pageOf(task),
  async handle({ deps, caller, query: { city, after, limit, ...filter } }) {
    const found = await deps.stores.staffTasks.list({
      ...filter,
      ...scopeOf(caller, city),
      ...(after !== undefined && { after: parseWith(place, after, 'after') }),
      limit,
    });

    return {
      body: page(found.map(taskView), limit, (each) => `${taskDueAt(each)}/${each.taskId}`),
    };
  },
});

export const showTask = endpoint({
  summary: [
    '员工任务详情：对这位客户说什么、此前的处理记录',
    'A task of staff with what to say to this contact, and what was done about it',
  ],
  query: taskQuery,
  answer: shownTask,
  async handle(exchange) {
    const found = await taskOf(exchange);
    return { body: { ...taskView(found), say: await whatToSay(exchange.deps, found) } };
  },
});

/** Who did it, when somebody else tells of it; else the caller. */
const staffId = id.exactOptional();
const note = reasonGiven.exactOptional();

export const doneTask = acting(
  ['完成任务', 'The task was done'],
  strict({ staffId, note }),
  () => ({ did: 'done' }),
);
export const notReachedTask = acting(
  ['未联系上客户', 'The contact was not reached'],
  strict({ staffId, note }),
  () => ({ did: 'not-reached' }),
);
export const postponeTask = acting(
  ['推迟任务（不晚于到期时间）', 'Postpone the task, to before it expires'],
  strict({ staffId, note, until: utc }),
  ({ until }) => ({ did: 'postponed', until }),
);

interface Told {
  readonly staffId?: string;
  readonly note?: string;
}

function acting<Body extends Told>(
  summary: Endpoint['summary'],
  body: z.ZodType<Body>,
  whatOf: (body: Body) => Pick<StaffTaskAct, 'did' | 'until'>,
): Endpoint {
  return endpoint<Body, z.infer<typeof taskQuery>>({
    summary,
    body,
    query: taskQuery,
    answer: task,
    async handle(exchange) {
      const { deps, caller, body: told } = exchange;
      const act: StaffTaskAct = {
        ...whatOf(told),
        by: told.staffId ?? caller.name,
        at: formatInstant(deps.clock.now()),
        ...(told.note !== undefined && { note: told.note }),
      };
      return { body: taskView(await actOnTask(deps, await taskOf(exchange), act)) };
    },
  });
}

/** @throws CodedError NOT_FOUND, also for a task of a city the caller may not see. */
async function taskOf({
  deps,
  caller,
  params,
  query,
}: Exchange<unknown, { readonly id?: string }>): Promise<StaffTask> {
  const taskId = params.id ?? query.id ?? '';
  const found = await deps.stores.staffTasks.find(taskId);
  if (!found || !allows(caller, found.city)) throw unknown('task', taskId);
  return found;
}

/** `words` of the task are what the texts are made of; people read `say`. */
function taskView({ words, ...found }: StaffTask) {
  return { ...found, ...(words && { from: words }), words: staffTaskWords(found) };
}

/** Made when it is read: what is known of the contact, and what is sold, may have changed since the task was opened. */
async function whatToSay({ stores }: ApiDeps, { contactId, words = {} }: StaffTask) {
  const contact = await stores.contacts.find(contactId);
  const catalogue = await catalogueOf(stores, words.scene);
  if (!contact) return { texts: [], scripts: [] };

  const variables = variablesOf({ contact, catalogue, product: words.product });
  const template = words.template === undefined ? null : await templateOf(stores, words.template);
  const scene = catalogue.scenes?.find(({ id: name }) => name === idOf(words.scene));

  return {
    texts: template ? sayingsOfTemplate(template, variables) : [],
    scripts: scene ? sayingsOfScene(scene, variables) : [],
  };
}

const idOf = (ref: string | undefined): string | undefined =>
  ref === undefined ? undefined : referredId(ref);

const NOTHING_SOLD: Catalogue = { products: [], migrations: [] };

/** A reference may pin the version of the catalogue that it means. */
async function catalogueOf({ catalogues }: ApiDeps['stores'], ref: string | undefined) {
  const pinned = ref === undefined ? null : parseVersionRef(ref);
  const found = pinned
    ? await catalogues.find('default', pinned.version)
    : await catalogues.current('default');
  return found?.body ?? NOTHING_SOLD;
}

async function templateOf({ templates }: ApiDeps['stores'], ref: string) {
  const pinned = parseVersionRef(ref);
  const found = pinned
    ? await templates.find(pinned.id, pinned.version)
    : await templates.current(ref);
  return found?.body ?? null;
}
