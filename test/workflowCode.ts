// Which files run inside workflows, and what they do: workflows themselves are known by their folder, rules only by being called.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const ENTRY = 'workflows/index.ts';

/** The files of rules/ that workflows reach at run time, each with a digest of what it does: comments and types change nothing. */
export function reachedRules(root: string): Readonly<Record<string, string>> {
  const code = new Map<string, string>();
  const open = [ENTRY];

  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (code.has(file)) continue;

    const emitted = emit(readFileSync(join(root, file), 'utf8'));
    code.set(file, emitted);
    open.push(...importsOf(emitted).flatMap((path) => resolve(root, file ?? '', path)));
  }

  const rules = [...code].filter(([file]) => file.startsWith('rules/')).sort();
  return Object.fromEntries(rules.map(([file, emitted]) => [file, digestOf(emitted)]));
}

/** Imports of types are gone in what is emitted. */
const emit = (source: string): string =>
  ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2023,
      removeComments: true,
    },
  }).outputText;

const importsOf = (emitted: string): string[] =>
  [...emitted.matchAll(/require\("(\.[^"]+)"\)/g)].flatMap(([, path]) => path ?? []);

function resolve(root: string, from: string, path: string): string[] {
  const file = relative(root, `${join(root, dirname(from), path)}.ts`);
  return existsSync(join(root, file)) ? [file] : [];
}

const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);
