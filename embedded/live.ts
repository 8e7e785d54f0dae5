// The live summary of `npm start`: repainted in place on a terminal, printed now and then into a file.

import { renderSummary, type Summary } from '../rules/words/summary';
import type { Running } from './datadir';

const REPAINT_MS = 2_000;
const PRINT_MS = 15_000;
const CLEAR = '\u001b[H\u001b[2J';

/** Shows the summary until `stop()`; an API that does not answer for a moment is named and asked again. */
export function showLive(
  running: Running,
  output: NodeJS.WriteStream = process.stdout,
): { stop(): void } {
  let last = '';

  async function paint(): Promise<void> {
    const text = await summaryOf(running).catch(
      (error: Error) => `${last}\n\n(API: ${error.message})`,
    );

    if (output.isTTY)
      output.write(
        `${CLEAR}sopflow  ${new Date().toLocaleTimeString('zh-CN')}   Ctrl-C 停止 stops\n\n${text}\n`,
      );
    else if (text !== last) output.write(`\n${text}\n`);

    last = text;
  }

  void paint();
  const timer = setInterval(() => void paint(), output.isTTY ? REPAINT_MS : PRINT_MS);

  return { stop: () => clearInterval(timer) };
}

async function summaryOf(running: Running): Promise<string> {
  const answer = await fetch(`${running.api}/api/v1/summary`, {
    headers: { authorization: `Bearer ${running.adminKey}` },
    signal: AbortSignal.timeout(REPAINT_MS),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);

  return renderSummary((await answer.json()) as Summary, running);
}
