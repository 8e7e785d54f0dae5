// The commands, and what is said of one that was typed wrongly.

import { readArgs, showUsage, WRONG_USAGE } from '../embedded/usage';
import { runArchive } from './commands/archive';
import { runBacktestCommand } from './commands/backtest';
import { runCalendar } from './commands/calendar';
import { runCalendarFile } from './commands/calendarFile';
import { runCheck } from './commands/check';
import { runDoctor } from './commands/doctor';
import { runExport } from './commands/export';
import { runForget } from './commands/forget';
import { runGate } from './commands/gate';
import { runImport } from './commands/import';
import { runImportHolidays } from './commands/importHolidays';
import { runMatch } from './commands/match';
import { runPeople } from './commands/people';
import { runPreview } from './commands/preview';
import { runReconcile } from './commands/reconcile';
import { runSeal } from './commands/seal';
import { runStatus } from './commands/status';
import { runTriggerRule } from './commands/triggerRule';
import { runTriggers } from './commands/triggers';
import { runWhy } from './commands/why';

interface Command {
  readonly usage: string;
  readonly does: string;
  run(args: readonly string[]): Promise<number>;
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  gate: {
    usage: 'gate < cases.jsonl',
    does: 'asks the gate about each case of stdin · 逐行判定触达管控',
    run: (args) => onStdin(args, runGate),
  },
  people: {
    usage: 'people < cases.jsonl',
    does: 'whose number it is, which word and fact counts, what was delivered, case by case of stdin · 逐行判定号码、答复、授权、事实与回执',
    run: (args) => onStdin(args, runPeople),
  },
  calendar: {
    usage: 'calendar [import <file.yaml> | export <id>[@<version>]] < cases.jsonl',
    does: 'drafts a sales calendar from a file, or writes one; without words: who is due when, case by case of stdin · 营销日历导入、导出；不带参数则逐行编排',
    run: (args) => (args.length > 0 ? runCalendarFile(args) : onStdin(args, runCalendar)),
  },
  preview: {
    usage: 'preview <calendar[@version]> [--from <date>] [--to <date>] [--json]',
    does: 'what would become of every contact of a calendar, before anything is sent · 预演营销日历',
    run: (args) => runPreview(args),
  },
  match: {
    usage: 'match < cases.jsonl',
    does: 'whether a condition holds for a value, case by case of stdin · 逐行判定条件',
    run: (args) => onStdin(args, runMatch),
  },
  triggers: {
    usage:
      'triggers [import <file.json> | backtest <id>@<version> [--days <n>] [--json] | enable <id>@<version> [--reason <why>] | disable <id> --reason <why>] < cases.jsonl',
    does: 'drafts a trigger from a file, plays it over the past, enables and disables it; without words: which triggers events fire, case by case of stdin · 商机规则导入、回测、启停；不带参数则逐行判定',
    run: (args) => (args.length > 0 ? runTriggerRule(args) : onStdin(args, runTriggers)),
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
    usage:
      'import contacts <file.csv|.jsonl|.xlsx> [--encoding <name>] [--delimiter <sign>] [--timezone <zone>] [--mapping <mapping.json>] [--sheet <name>] [--date <date>] [--replace] [--dry-run] | import holidays <file.csv|.json|.yaml> [--publish]',
    does: 'loads customers, row by row, and says what became of each; or rest days and make-up work days · 导入客户或节假日表',
    run: (args) => (args[0] === 'holidays' ? runImportHolidays(args) : runImport(args)),
  },
  forget: {
    usage: 'forget <contactId> --reason <why>',
    does: 'takes a person out of sopflow, and says what stays · 遗忘客户',
    run: (args) => runForget(args),
  },
  export: {
    usage: 'export ledger|policies|contact <contactId>',
    does: 'the ledger or the policies it rests on as JSONL, or all that is known of a customer as JSON · 导出触达台账、策略或某客户的全部数据',
    run: runExport,
  },
  check: {
    usage:
      'check [--since <instant>] [--until <instant>] [--contact <id>] [--seals <seals.jsonl>] [--archive <ledger-….jsonl>]… [--file <ledger.jsonl> [--policies <policies.jsonl>]]',
    does: "the ledger's proof: prints violations, exits 1 if any · 核查触达台账",
    run: runCheck,
  },
  reconcile: {
    usage: 'reconcile [--days <n> | --from <instant> --to <instant> | --last]',
    does: "reads the channels' books back and makes good what is missing · 与各渠道对账",
    run: (args) => runReconcile(args),
  },
  seal: {
    usage: 'seal --to <seals.jsonl>',
    does: 'seals the hours of the ledger that are over, into a file · 按小时封存触达台账',
    run: runSeal,
  },
  archive: {
    usage:
      'archive ledger --before <date> --to <folder> --reason <why> | --before <date> --dry-run',
    does: 'takes old, sealed hours out of the ledger into a file · 台账归档',
    run: (args) => runArchive(args),
  },
  backtest: {
    usage:
      'backtest --policy <policy.json> --days <n> [--json] [--file <ledger.jsonl> [--holidays <holidays.json>]]',
    does: 'plays the ledger through a proposed policy · 策略回测',
    run: runBacktestCommand,
  },
  why: {
    usage: 'why <contactId> [--day YYYY-MM-DD] [--touch <touchId>] [--lang zh-CN|en]',
    does: 'why a customer was contacted, or was not · 为什么触达、为什么不触达',
    run: (args) => runWhy(args),
  },
};

/** A command that answers cases, and takes no words. */
function onStdin(
  args: readonly string[],
  answer: (input: NodeJS.ReadStream, output: NodeJS.WriteStream) => Promise<number>,
): Promise<number> {
  readArgs(args, {});
  return answer(process.stdin, process.stdout);
}

/** Runs what was typed: a command and the words behind it. Resolves to the exit status. */
export async function runCommand(
  [name, ...args]: readonly string[],
  said: { write(text: string): unknown } = process.stderr,
): Promise<number> {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return await run(command, args, said);

  const asked = name === undefined || ['help', '--help', '-h'].includes(name);
  const problem = asked ? '' : `未知命令 · unknown command: ${JSON.stringify(name)}\n`;
  const lines = Object.values(COMMANDS).flatMap(({ usage, does }) => [
    `  sopflow ${usage}`,
    `      ${does}`,
  ]);
  said.write(`${problem}命令 commands:\n${lines.join('\n')}\n`);

  return asked ? 0 : WRONG_USAGE;
}

async function run(
  command: Command,
  args: readonly string[],
  said: { write(text: string): unknown },
): Promise<number> {
  try {
    return await command.run(args);
  } catch (error) {
    const status = showUsage(error, `sopflow ${command.usage}`, said);
    if (status === null) throw error;
    return status;
  }
}
