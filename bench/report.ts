// What a bench found: for people as a table, for programs as a file, with the machine it ran on.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './part';

export interface Report {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly at: string;
  readonly seed: number;
  readonly parts: Readonly<Record<string, readonly Figure[]>>;
}

export function describeMachine(): Report['machine'] {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    // Others on the machine make every wall figure worse.
    loadAtStart: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    mongo: process.env.MONGODB_URI ? 'MONGODB_URI' : 'embedded',
    version: (
      JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')) as { version: string }
    ).version,
  };
}

/** Writes the report and answers its path. */
export function writeReport(report: Report, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `bench-${report.at.replace(/[:.]/g, '-')}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

export function renderReport({ machine, parts }: Report): string {
  const rows = Object.entries(parts).flatMap(([part, figures]) =>
    figures.map(
      ({ name, value, unit }) => [part, name, value.toLocaleString('en-US'), unit] as const,
    ),
  );

  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map(([part, name, value, unit]) =>
    `  ${part.padEnd(widths[0] ?? 0)}  ${name.padEnd(widths[1] ?? 0)}  ${value.padStart(widths[2] ?? 0)} ${unit}`.trimEnd(),
  );

  return [
    Object.entries(machine)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', '),
    ...lines,
  ].join('\n');
}
