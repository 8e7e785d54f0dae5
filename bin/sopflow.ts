// The command line: one verb a command, each in a file of its own.

import { runBacktestCommand } from './commands/backtest';
import { runCheck } from './commands/check';
import { runDoctor } from './commands/doctor';
import { runExport } from './commands/export';
import { runGate } from './commands/gate';
import { runImport } from './commands/import';
import { runPeople } from './commands/people';
import { runReconcile } from './commands/reconcile';
import { runSeal } from './commands/seal';
import { runStatus } from './commands/status';
import { runWhy } from './commands/why';

interface Command {
  readonly usage: string;
  readonly does: string;
  run(args: readonly string[]): Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  gate: {
    usage: 'gate < cases.jsonl',
    does: 'asks the gate about each case of stdin · 逐行判定触达管控',
    run: () => runGate(process.stdin, process.stdout),
  },
  people: {
    usage: 'people < cases.jsonl',
    does: 'what became of messages by their receipts, case by case of stdin · 逐行判定回执',
    run: () => runPeople(process.stdin, process.stdout),
  },
  status: {
    usage: 'status [--json]',
    does: 'summary of a running sopflow · 运行概况',
    run: runStatus,
  },
  doctor: {
    usage: 'doctor [--json]',
    does: 'what is found, what is missing and how to mend it · 环境检查',
    run: runDoctor,
  },
  import: {
    usage: 'import contacts <file.csv|file.jsonl>',
    does: 'loads customers, row by row · 导入客户',
    run: runImport,
  },
  export: {
    usage: 'export ledger|policies',
    does: 'decisions and settlements, or the policies they rest on, as JSONL · 导出触达台账或策略',
    run: runExport,
  },
  check: {
    usage: 'check [--seals|--since|--until|--contact|--file]',
    does: "the ledger's proof: prints violations, exits 1 if any · 核查触达台账",
    run: runCheck,
  },
  reconcile: {
    usage: 'reconcile [--days | --from --to | --last]',
    does: "reads the channels' books back and makes good what is missing · 与各渠道对账",
    run: (args) => runReconcile(args),
  },
  seal: {
    usage: 'seal --to <seals.jsonl>',
    does: 'seals the hours of the ledger that are over, into a file · 按小时封存触达台账',
    run: runSeal,
  },
  backtest: {
    usage: 'backtest --policy <file> --days <n> [--file]',
    does: 'plays the ledger through a proposed policy · 策略回测',
    run: runBacktestCommand,
  },
  why: {
    usage: 'why <contactId> [--day|--touch|--lang]',
    does: 'why a customer was contacted, or was not · 为什么触达、为什么不触达',
    run: (args) => runWhy(args),
  },
};

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command.run(args);

  const asked = name === undefined || ['help', '--help', '-h'].includes(name);
  const lines = Object.values(COMMANDS).map(
    ({ usage, does }) => `  sopflow ${usage.padEnd(40)} ${does}`,
  );

  process.stderr.write(
    `${asked ? '' : `unknown command "${name}"\n`}Commands:\n${lines.join('\n')}\n`,
  );

  return asked ? 0 : 2;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`sopflow: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
