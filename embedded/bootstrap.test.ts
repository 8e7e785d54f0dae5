import { type ChildProcess, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { aFolder, aProgram, eventually, removeFolders } from './testing/scripts';

afterAll(removeFolders);

// The "compiler" of these projects: says so in a log and copies the program it finds.
const TSC = `const fs = require('fs'); fs.appendFileSync('log', 'tsc\\n'); fs.mkdirSync('dist/bin', { recursive: true });
fs.copyFileSync('program.js', 'dist/bin/sopflow.js');`;
const NPM =
  'echo "npm $*" >> log\nmkdir -p node_modules/typescript/bin\ncp tsc.js node_modules/typescript/bin/tsc';

function aProject(options: { readonly npm?: string; readonly program?: string } = {}) {
  const root = aFolder();
  mkdirSync(join(root, 'embedded'));
  copyFileSync(join(__dirname, 'bootstrap.cjs'), join(root, 'embedded', 'bootstrap.cjs'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {} } }));
  writeFileSync(join(root, 'a.ts'), 'export const a = 1;');
  writeFileSync(join(root, 'tsc.js'), TSC);
  writeFileSync(
    join(root, 'program.js'),
    options.program ?? 'console.log(JSON.stringify(process.argv.slice(2)))',
  );
  const bin = aFolder();
  aProgram(bin, 'npm', options.npm ?? NPM);
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  for (const name of ['npm_execpath', 'npm_lifecycle_event']) delete env[name];
  const log = (): string[] =>
    existsSync(join(root, 'log')) ? readFileSync(join(root, 'log'), 'utf8').trim().split('\n') : [];
  return { root, env, log };
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  project: ReturnType<typeof aProject>,
  args: readonly string[],
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(
    process.execPath,
    [join(project.root, 'embedded', 'bootstrap.cjs'), ...args],
    {
      env: project.env,
    },
  );
  const heard = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.stderr += text));
  return {
    child,
    ended: new Promise((resolve) =>
      child.on('close', (code, signal) => resolve({ code, signal, ...heard })),
    ),
  };
}

const cli = (project: ReturnType<typeof aProject>, ...args: string[]): Promise<Ended> =>
  start(project, ['cli', ...args]).ended;

describe('the bootstrap', () => {
  it('installs with the compiler, builds and runs; stdout belongs to the program', async () => {
    const project = aProject();
    const { code, stdout, stderr } = await cli(project, 'gate', '--x');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '["gate","--x"]\n' });
    expect(project.log()).toEqual([
      'npm ci --include=dev --no-audit --no-fund --loglevel=error',
      'tsc',
    ]);
    expect(stderr).toContain('once only');
  });

  it('does neither again and says nothing when nothing changed', async () => {
    const project = aProject();
    await cli(project);
    const { stderr } = await cli(project);
    expect(stderr).toBe('');
    expect(project.log()).toHaveLength(2);
  });

  it('compiles again when a source changed, and installs again when the lock file changed', async () => {
    const project = aProject();
    await cli(project);
    utimesSync(join(project.root, 'a.ts'), 1, 1);
    await cli(project);
    expect(project.log().slice(2)).toEqual(['tsc']);
    writeFileSync(
      join(project.root, 'package-lock.json'),
      JSON.stringify({ packages: { '': { name: 'x' } } }),
    );
    await cli(project);
    expect(project.log()[3]).toContain('npm ci');
  });

  it('believes an install by hand when it holds what the lock file names, and not when it differs', async () => {
    const project = aProject();
    const wanted = {
      '': {},
      'node_modules/a': { version: '1.0.0', integrity: 'x' },
      'node_modules/b': { version: '1.0.0', optional: true },
    };
    writeFileSync(join(project.root, 'package-lock.json'), JSON.stringify({ packages: wanted }));
    mkdirSync(join(project.root, 'node_modules', 'typescript', 'bin'), { recursive: true });
    copyFileSync(
      join(project.root, 'tsc.js'),
      join(project.root, 'node_modules', 'typescript', 'bin', 'tsc'),
    );
    const record = join(project.root, 'node_modules', '.package-lock.json');
    writeFileSync(
      record,
      JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', integrity: 'x' } } }),
    );
    await cli(project);
    expect(project.log()).toEqual(['tsc']);
    writeFileSync(
      record,
      JSON.stringify({ packages: { 'node_modules/a': { version: '0.9.0', integrity: 'x' } } }),
    );
    rmSync(join(project.root, 'node_modules', '.sopflow-lock'));
    await cli(project);
    expect(project.log()[1]).toContain('npm ci');
  });

  it('falls back to npm install, the lock file left alone, where npm ci calls the lock file incomplete', async () => {
    const npm = `if [ "$1" = ci ]; then echo "npm error code EUSAGE"; echo "Missing: x@ from lock file"; exit 1; fi\n${NPM}`;
    const project = aProject({ npm });
    expect((await cli(project)).code).toBe(0);
    expect(project.log()[0]).toContain('npm install --no-save --include=dev');
  });

  it('shows what npm said when it fails, and tries again the next time', async () => {
    const project = aProject({ npm: 'echo "the registry is away"; exit 7' });
    const { code, stderr } = await cli(project);
    expect(code).toBe(1);
    expect(stderr).toMatch(/the registry is away[\s\S]*exit status 7/);
    expect(existsSync(join(project.root, 'node_modules', '.sopflow-lock'))).toBe(false);
  });

  it('installs and builds once when two start at the same moment', async () => {
    const project = aProject();
    const codes = (await Promise.all([cli(project), cli(project)])).map(({ code }) => code);
    expect(codes).toEqual([0, 0]);
    expect(project.log()).toHaveLength(2);
  });

  it('ends with the status of the program', async () => {
    expect((await cli(aProject({ program: 'process.exit(42)' }))).code).toBe(42);
  });

  it('passes SIGTERM on and ends as the program did', async () => {
    const program = `require('fs').writeFileSync(process.argv[2], String(process.pid)); setInterval(() => {}, 1000);
process.on('SIGTERM', () => { console.log('stopped in order'); process.exit(5); })`;
    const project = aProject({ program });
    const ready = join(project.root, 'ready');
    const { child, ended } = start(project, ['cli', ready]);
    await eventually(() => existsSync(ready) && readFileSync(ready, 'utf8') !== '');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 5, stdout: 'stopped in order\n' });
  });
});
