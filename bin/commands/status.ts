// `sopflow status`: the summary that `npm start` shows, from any terminal.

import { readArgs } from '../../embedded/usage';
import { renderSummary, type Summary } from '../../rules/words/summary';
import { findRemote } from '../remote';

export async function runStatus(args: readonly string[]): Promise<number> {
  const { values } = readArgs(args, { options: { json: { type: 'boolean' } } });
  const remote = findRemote(process.env);
  const summary = (await (await remote.fetch('/api/v1/summary')).json()) as Summary;

  process.stdout.write(
    values.json ? `${JSON.stringify(summary)}\n` : `${renderSummary(summary, remote.running)}\n`,
  );

  return 0;
}
