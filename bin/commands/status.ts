// `sopflow status`: the summary that `npm start` shows, from any terminal.

import { renderSummary, type Summary } from '../../rules/words/summary';
import { findRemote } from '../remote';

export async function runStatus(args: readonly string[]): Promise<number> {
  const remote = findRemote(process.env);
  const summary = (await (await remote.fetch('/api/v1/summary')).json()) as Summary;

  process.stdout.write(
    args.includes('--json')
      ? `${JSON.stringify(summary)}\n`
      : `${renderSummary(summary, remote.running)}\n`,
  );

  return 0;
}
