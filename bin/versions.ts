// The published versions that a ledger rests on, from a running sopflow or from a file that `sopflow export policies` wrote.

import type { Version } from '../ports/library';
import type { Versions } from '../reports/proof/policyHistory';
import { CodedError } from '../rules/base/errors';
import { versionRef } from '../rules/base/ids';
import type { PolicyDocument } from '../rules/policy/document.schema';
import type { HolidayTable } from '../rules/time/holidays';
import type { Remote } from './remote';

const KINDS = ['policies', 'holidays'] as const;
type Kind = (typeof KINDS)[number];

/** A line of the file. */
type Line = Version<unknown> & { readonly kind: Kind };

/** Every version of policies and holiday tables as a line of JSON. */
export async function* policyLines(remote: Remote): AsyncGenerator<string> {
  for (const kind of KINDS) {
    const { items } = (await (await remote.fetch(`/api/v1/${kind}`)).json()) as {
      items: { id: string }[];
    };
    for (const { id } of items) {
      const answer = await remote.fetch(`/api/v1/${kind}/${encodeURIComponent(id)}/versions`);
      const { items: versions } = (await answer.json()) as { items: Version<unknown>[] };
      for (const version of versions) yield `${JSON.stringify({ kind, ...version })}\n`;
    }
  }
}

/** The versions in such lines. @throws CodedError INVALID_INPUT naming the line that is none of `sopflow export policies`. */
export async function readVersions(lines: AsyncIterable<string>, from: string): Promise<Versions> {
  const known = new Map<string, Line>();
  let number = 0;

  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;

    const line = lineIn(text);
    if (!line)
      throw new CodedError(
        'INVALID_INPUT',
        `${from}:${number}: not a line of \`sopflow export policies\``,
      );

    known.set(`${line.kind} ${versionRef(line.id, line.version)}`, line);
  }

  // Bodies were checked when they were drafted: the versions of a kind hold that kind.
  const published = async <T>(kind: Kind, id: string, version: number): Promise<T | null> => {
    const found = known.get(`${kind} ${versionRef(id, version)}`);
    return found?.state === 'published' ? (found.body as T) : null;
  };

  return {
    policy: (id, version) => published<PolicyDocument>('policies', id, version),
    holidays: (id, version) => published<HolidayTable>('holidays', id, version),
  };
}

function lineIn(text: string): Line | null {
  try {
    const line = JSON.parse(text) as Partial<Line> | null;
    const isLine =
      KINDS.some((kind) => kind === line?.kind) &&
      typeof line?.id === 'string' &&
      typeof line.version === 'number' &&
      typeof line.body === 'object';

    return isLine ? (line as Line) : null;
  } catch {
    return null;
  }
}
