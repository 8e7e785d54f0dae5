// Makes a started Temporal server usable: the namespace with its retention, and our search attributes.
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { CodedError } from '../../rules/base/errors';
import { SEARCH_ATTRIBUTES } from '../../rules/journey/searchAttributes';
import { pollUntil } from '../poll';

const RETENTION_DAYS = 30; // the CLI's own default of a day would make closed journeys vanish
const NAMES = Object.values(SEARCH_ATTRIBUTES);
const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const DAY_SECONDS = 86_400;

export interface Target {
  readonly address: string;
  readonly namespace: string;
  readonly tls?: boolean;
  readonly apiKey?: string;
  /** Whether the server is ours, so that its namespace may be changed. */
  readonly ours: boolean;
}

/** Connects, or says undefined when nobody answers yet. */
export async function tryConnect(target: Target): Promise<Connection | undefined> {
  try {
    return await Connection.connect({
      address: target.address,
      connectTimeout: 1_000,
      ...(target.tls ? { tls: true } : {}),
      ...(target.apiKey ? { apiKey: target.apiKey } : {}),
    });
  } catch {
    return undefined; // the caller knows how long to go on and what to say then
  }
}

/** Registers the namespace and the search attributes where they are missing and waits until both can be used. */
export async function prepare(connection: Connection, target: Target): Promise<void> {
  await ensureNamespace(connection, target);
  await ensureSearchAttributes(connection, target);
}

async function ensureNamespace(
  { workflowService }: Connection,
  { namespace, ours }: Target,
): Promise<void> {
  const workflowExecutionRetentionPeriod = msToTs(RETENTION_DAYS * DAY_SECONDS * 1000);
  const described = await orCode(workflowService.describeNamespace({ namespace }), NOT_FOUND);
  if (described === undefined) {
    await orCode(
      workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod }),
      ALREADY_EXISTS,
    );

    await eventually(`namespace ${namespace}`, () =>
      orCode(workflowService.describeNamespace({ namespace }), NOT_FOUND),
    );
    return;
  }

  const retention = described.config?.workflowExecutionRetentionTtl?.seconds?.toNumber() ?? 0;
  if (ours && retention < RETENTION_DAYS * DAY_SECONDS) {
    const config = { workflowExecutionRetentionTtl: workflowExecutionRetentionPeriod };
    await workflowService.updateNamespace({ namespace, config });
  }
}

async function ensureSearchAttributes(connection: Connection, target: Target): Promise<void> {
  const { namespace } = target;
  // Each service of the server refreshes its own list of namespaces: a new one is unknown to some for a moment.
  const { customAttributes } = await eventually(`namespace ${namespace}`, () =>
    orCode(connection.operatorService.listSearchAttributes({ namespace }), NOT_FOUND),
  );
  const missing = NAMES.filter((name) => !(name in (customAttributes ?? {})));

  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(
      missing.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]),
    );
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    } catch (error) {
      const flags = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
      const text = `search attributes cannot be added to namespace ${namespace} at ${target.address}; have it done: temporal operator search-attribute create --namespace ${namespace} ${flags}`;
      throw new CodedError('UNAVAILABLE', text, [], { cause: error });
    }
  }
  const query = NAMES.map((name) => `${name} = 'none'`).join(' AND ');
  await eventually('search attributes', () =>
    orCode(
      connection.workflowService.listWorkflowExecutions({ namespace, query, pageSize: 1 }),
      INVALID_ARGUMENT,
    ),
  );
}

async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  return pollUntil(ask, {
    everyMs: 200,
    timeoutMs: 30_000,
    timedOut: () =>
      new CodedError('UNAVAILABLE', `${what} of Temporal cannot be used 30 s after it was made`),
  });
}

async function orCode<T>(call: Promise<T>, code: number): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if ((error as { code?: unknown }).code === code) return undefined;
    throw error;
  }
}
