// How calm the code reads: width, paragraphs, long functions, and exported names that stand for two things.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { Figure } from './part';

const WIDE = 80;
const LONG_FUNCTION = 40;
/** Processes of their own: they share no names with the product. */
const WORLDS = ['sandbox/', 'console/', 'embedded/'];

interface FileCount {
  readonly codeLines: number;
  readonly characters: number;
  readonly wideLines: number;
  readonly bodyLines: number;
  readonly blankBodyLines: number;
  readonly longFunctions: readonly string[];
  readonly exported: readonly string[];
}

/** Counts the product's own files, tests left out. Information only: nothing fails by these figures. */
export async function codePart({
  log,
}: {
  readonly log: (line: string) => void;
}): Promise<readonly Figure[]> {
  const files = productFiles();
  const counts = files.map(countFile);
  const total = (of: (count: FileCount) => number) =>
    counts.reduce((sum, count) => sum + of(count), 0);

  const longFunctions = counts.flatMap((count) => count.longFunctions);
  const twice = namesUsedTwice(files, counts);
  for (const name of longFunctions) log(`over ${LONG_FUNCTION} lines: ${name}`);
  for (const name of twice) log(`exported twice: ${name}`);

  const codeLines = total((count) => count.codeLines);
  return [
    { name: 'code lines', value: codeLines, unit: '' },
    {
      name: 'characters a code line',
      value: rounded(total((count) => count.characters) / codeLines),
      unit: '',
    },
    {
      name: `lines over ${WIDE} columns`,
      value: rounded((100 * total((count) => count.wideLines)) / codeLines),
      unit: '%',
    },
    {
      name: 'blank lines in function bodies',
      value: rounded(
        (100 * total((count) => count.blankBodyLines)) / total((count) => count.bodyLines),
      ),
      unit: '%',
    },
    { name: `functions over ${LONG_FUNCTION} lines`, value: longFunctions.length, unit: '' },
    { name: 'exported names used twice', value: twice.length, unit: '' },
  ];
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

function productFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { encoding: 'utf8' });
  return listed
    .split('\n')
    .filter((file) => file !== '' && !file.startsWith('test/') && !/\.test\.tsx?$/.test(file));
}

function countFile(file: string): FileCount {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  const code = lines.filter((line) => isCode(line.trim()));
  const bodies = functionBodies(source);
  const inBodies = linesWithin(source, bodies, lines);

  return {
    codeLines: code.length,
    characters: code.reduce((sum, line) => sum + line.trim().length, 0),
    wideLines: code.filter((line) => line.length > WIDE).length,
    bodyLines: inBodies.length,
    blankBodyLines: inBodies.filter((line) => line.trim() === '').length,
    longFunctions: bodies
      .map((body) => `${file}:${lineOf(source, body.parent.getStart())} ${heightOf(source, body)}`)
      .filter((_, i) => heightOf(source, bodies[i]) > LONG_FUNCTION),
    exported: source.statements.filter(isExported).flatMap(namesOf),
  };
}

const isCode = (line: string): boolean =>
  line !== '' && !line.startsWith('//') && !line.startsWith('*') && !line.startsWith('/*');

function functionBodies(source: ts.SourceFile): ts.Block[] {
  const found: ts.Block[] = [];
  const visit = (node: ts.Node): void => {
    const body = ts.isFunctionLike(node) && 'body' in node ? node.body : undefined;
    if (body !== undefined && ts.isBlock(body)) found.push(body);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const lineOf = (source: ts.SourceFile, position: number): number =>
  source.getLineAndCharacterOfPosition(position).line + 1;

/** Lines of a whole function, its head included. */
function heightOf(source: ts.SourceFile, body: ts.Block | undefined): number {
  if (body === undefined) return 0;
  return lineOf(source, body.end) - lineOf(source, body.parent.getStart()) + 1;
}

/** The lines inside of functions, each once, however deep the functions are nested. */
function linesWithin(
  source: ts.SourceFile,
  bodies: readonly ts.Block[],
  lines: readonly string[],
): string[] {
  const inside = new Set<number>();
  for (const body of bodies)
    for (let line = lineOf(source, body.getStart()) + 1; line < lineOf(source, body.end); line++)
      inside.add(line);

  return lines.filter((_, i) => inside.has(i + 1));
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());

  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);

  return isNamed && statement.name ? [statement.name.text] : [];
}

/** A schema and the type made from it share a file and a meaning: only another file of the same world counts. */
function namesUsedTwice(files: readonly string[], counts: readonly FileCount[]): string[] {
  const homes = new Map<string, Set<string>>();
  counts.forEach((count, i) => {
    const file = files[i] ?? '';
    const world = WORLDS.find((each) => file.startsWith(each)) ?? '';

    for (const name of count.exported) {
      const key = `${world}${name}`;
      homes.set(key, (homes.get(key) ?? new Set()).add(file));
    }
  });

  return [...homes]
    .filter(([, places]) => places.size > 1)
    .map(([name, places]) => `${name} (${[...places].join(', ')})`);
}
