// Looks at and ends other processes by id, and makes sure first that an id still belongs to whom we think.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether a process with this id exists; one that we may not signal counts as alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/**
 * Tells a process from a later one with the same id (ids are reused, in a new container at once): the moment it began.
 * Undefined when it is gone. Compare before you kill.
 */
export function identityOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const startedTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]; // the name before it may hold spaces
    return `${boot}/${startedTicks}`;
  } catch {
    // No /proc on this system, or the process is gone: `ps` knows which.
  }

  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return started.toString().trim() || undefined;
  } catch {
    return undefined; // `ps` exits with 1 for an unknown id
  }
}

/** Signals a process group, or the process alone when it leads no group. False when nobody is left to signal. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return false;
}

/** Ends a process and its group: SIGTERM, then SIGKILL after the grace time. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  if (!signalGroup(pid, 'SIGTERM')) return;

  for (let waitedMs = 0; waitedMs < graceMs; waitedMs += 50) {
    if (!isAlive(pid)) return;
    await delay(50);
  }

  signalGroup(pid, 'SIGKILL');
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // no /proc: take the answer of kill(pid, 0)
  }
}
