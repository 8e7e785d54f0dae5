import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, createSupervisor, type SupervisorOptions, untilReady } from './child';
import { isAlive } from './processes';
import { aFolder, aProgram, eventually, removeFolders } from './testing/scripts';

afterAll(removeFolders);

function aSupervisor(overrides: Partial<SupervisorOptions> = {}) {
  const said: string[] = [];
  const options = {
    logDir: join(aFolder(), 'logs'),
    log: (line: string) => void said.push(line),
    firstPauseMs: 10,
  };
  return { said, supervisor: createSupervisor({ ...options, ...overrides }) };
}

const sleeper = (name: string, restart = true) => ({
  name,
  command: 'sleep',
  args: ['60'],
  restart,
});

function runningPid(child: Child): number {
  const pid = child.pid();
  if (pid === undefined) throw new Error(`${child.name} does not run`);
  return pid;
}

describe('supervised children', () => {
  it('are started again when they are killed, and say so in words', async () => {
    const { said, supervisor } = aSupervisor();
    const child = supervisor.start(sleeper('worker'));
    const first = runningPid(child);
    process.kill(first, 'SIGKILL');
    await eventually(() => child.pid() !== undefined && child.pid() !== first);
    expect(said[0]).toMatch(/^worker ended after .* \(was ended by SIGKILL\); starting it again/);
    await supervisor.stop();
  });

  it('are given up when they end again and again by themselves', async () => {
    const ended: string[] = [];
    const { supervisor } = aSupervisor({
      onEnded: (name, why) => void ended.push(`${name}: ${why}`),
    });
    const child = supervisor.start({
      name: 'server',
      command: 'sh',
      args: ['-c', 'exit 3'],
      restart: true,
    });
    await eventually(() => child.ended() !== undefined);
    expect(ended).toEqual(['server: exit status 3, 3 times in a row']);
  });

  it('are not started again where their state would be lost', async () => {
    const { supervisor } = aSupervisor();
    const child = supervisor.start(sleeper('temporal', false));
    process.kill(runningPid(child), 'SIGKILL');
    await eventually(() => child.ended() !== undefined);
    expect(child.ended()).toBe('was ended by SIGKILL');
  });

  it('that cannot start are reported as such', async () => {
    const { supervisor } = aSupervisor();
    const child = supervisor.start({
      name: 'x',
      command: '/no/such/program',
      args: [],
      restart: false,
    });
    await eventually(() => child.ended() !== undefined);
    expect(child.ended()).toContain('could not start');
  });

  it('are stopped with all they started, also when they ignore SIGTERM', async () => {
    const { supervisor } = aSupervisor({ graceMs: 200 });
    const folder = aFolder();
    const stubborn = aProgram(
      folder,
      'stubborn',
      `trap '' TERM\nsleep 60 &\necho $! > ${folder}/grandchild\nwait`,
    );
    const child = supervisor.start({
      name: 'stubborn',
      command: stubborn,
      args: [],
      restart: true,
    });
    const pid = runningPid(child);
    const grandchild = join(folder, 'grandchild');
    let inner = 0;
    await eventually(() => {
      inner = Number(readOrEmpty(grandchild));
      return inner > 0;
    });
    await supervisor.stop();
    await eventually(() => !isAlive(pid) && !isAlive(inner));
  });

  it('are stopped in the reverse order of their start and stay down', async () => {
    const seen: string[][] = [];
    const { said, supervisor } = aSupervisor({
      onPids: (pids) => void seen.push(Object.keys(pids)),
    });
    for (const name of ['mongo', 'server', 'worker']) supervisor.start(sleeper(name));
    await supervisor.stop();
    await eventually(() => seen.at(-1)?.length === 0);
    expect(seen.slice(-3)).toEqual([['mongo', 'server'], ['mongo'], []]);
    expect(said).toEqual([]);
  });

  it('write what they say to a log file, and its end is told when they never become ready', async () => {
    const { supervisor } = aSupervisor();
    const args = ['-c', 'echo the port is taken >&2; exit 1'];
    const child = supervisor.start({ name: 'server', command: 'sh', args, restart: false });
    await expect(untilReady(child, 5_000, async () => undefined)).rejects.toThrow(
      /server exit status 1.*the port is taken/s,
    );
  });

  it('are ready when the question has an answer', async () => {
    const { supervisor } = aSupervisor();
    const child = supervisor.start(sleeper('server'));
    let asked = 0;
    expect(await untilReady(child, 5_000, async () => (++asked === 3 ? 'yes' : undefined))).toBe(
      'yes',
    );
    await supervisor.stop();
  });
});

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
