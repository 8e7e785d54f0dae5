// The words that are typed behind a command, read in one way everywhere: a word that the command does not know is never passed over.

import { type ParseArgsConfig, parseArgs } from 'node:util';

type ParseArgsOptions = NonNullable<ParseArgsConfig['options']>;

/** Exit status of a command that was typed wrongly: nothing was done. */
export const WRONG_USAGE = 2;

/** What was typed is no use of the command; whoever runs it shows its usage below. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Somebody asks how the command is used. */
export class UsageAsked extends Error {
  override readonly name = 'UsageAsked';
}

interface Allowed<Options extends ParseArgsOptions> {
  readonly options?: Options;
  /** Names of the words that are no options, all of them needed. */
  readonly words?: readonly string[];
  /** Any number of further words may follow. */
  readonly more?: boolean;
}

/**
 * The options and words behind a command.
 * @throws UsageError naming what is unknown, missing or too much; UsageAsked for `--help`
 */
export function readArgs<const Options extends ParseArgsOptions>(
  args: readonly string[],
  { options, words = [], more = false }: Allowed<Options>,
) {
  if (args.includes('--help') || args.includes('-h')) throw new UsageAsked();

  const { values, positionals } = parsed(args, options);
  const [tooMuch] = positionals.slice(words.length);
  if (tooMuch !== undefined && !more)
    throw new UsageError(`多余的参数 · unknown word: ${JSON.stringify(tooMuch)}`);

  const missing = words[positionals.length];
  if (missing !== undefined) throw new UsageError(`缺少参数 · missing: <${missing}>`);

  return { values, words: positionals };
}

function parsed<const Options extends ParseArgsOptions>(
  args: readonly string[],
  options: Options | undefined,
) {
  try {
    return parseArgs({
      args: [...args],
      options: options ?? ({} as Options),
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const [problem] = (error as Error).message.split('. ', 1); // the rest is Node's advice
    throw new UsageError(`参数有误 · ${problem}`);
  }
}

/**
 * Says what was wrong, if anything was, and how the command is used. Null: the error is none of ours.
 * @returns the exit status
 */
export function showUsage(
  error: unknown,
  usage: string,
  output: { write(text: string): unknown },
): number | null {
  if (!(error instanceof UsageError) && !(error instanceof UsageAsked)) return null;

  const problem = error instanceof UsageError ? `${error.message}\n` : '';
  output.write(`${problem}用法 usage: ${usage}\n`);
  return error instanceof UsageError ? WRONG_USAGE : 0;
}
