// Keeps the process groups this process has started and kills them when it ends, however it ends but for SIGKILL.
import { signalGroup } from './processes';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const groups = new Set<number>();
let watching = false;

/** Registers a group leader; the returned function forgets it. A process that handles signals itself keeps doing so. */
export function killGroupsOnExit(pid: number): () => void {
  groups.add(pid);
  if (!watching) {
    watching = true;
    process.on('exit', killAll);
    for (const signal of SIGNALS) process.on(signal, endBySignal);
  }

  return () => {
    groups.delete(pid);
  };
}

function killAll(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL');
  groups.clear();
}

// Having a listener takes Node's own ending away, so it is done here, unless somebody else stops things in order.
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  process.removeListener(signal, endBySignal);
  process.kill(process.pid, signal);
}
