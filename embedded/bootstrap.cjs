// What npm runs: checks Node, installs and builds what changed, then runs the compiled program. Built-ins only, and
// syntax that an old Node can still read, so that it can say that it is too old.
// biome-ignore-all lint/style/useNodejsImportProtocol: the oldest do not know `node:`.
'use strict';
const { spawn } = require('child_process');
const { createHash } = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');

const OLDEST_NODE = [20, 19];
const HEARTBEAT_MS = 10000;
const PROGRAMS = {
  start: 'dist/embedded/start.js',
  test: 'dist/test/run.js',
  cli: 'dist/bin/sopflow.js',
  bench: 'dist/bench/main.js',
};
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage', 'console', '.git']);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const root = path.join(__dirname, '..');
const at = (...parts) => path.join(root, ...parts);
let running; // the child that runs now: signals go to it

/** Runs one of the programs with the arguments; the command line's stdout stays its own. */
async function main(kind, args) {
  if (!PROGRAMS[kind])
    throw new Error(`bootstrap.cjs: "${kind}" is none of ${Object.keys(PROGRAMS).join(', ')}`);
  const say = (line) => (kind === 'cli' ? process.stderr : process.stdout).write(`${line}\n`);
  for (const signal of SIGNALS) process.on(signal, () => forward(signal));
  if (process.env.npm_lifecycle_event) watchParent();
  await prepare(say);
  await runToEnd(process.execPath, [at(PROGRAMS[kind]), ...args], {
    stdio: 'inherit',
    env: Object.assign({}, process.env, { SOPFLOW_BOOTSTRAP: String(process.pid) }),
  }).then(endLike);
}

/** Installs and builds if needed, one process at a time. Costs a look at the sources' times when nothing changed. */
async function prepare(say) {
  if (isInstalled() && isBuilt()) return;
  const release = await lock(say);
  try {
    if (!isInstalled()) await install(say);
    if (!isBuilt()) await build(say);
  } finally {
    release();
  }
}

async function install(say) {
  const cli = process.env.npm_execpath || '';
  const npm = /npm-cli\.c?js$/.test(cli) ? [process.execPath, cli] : ['npm'];
  // The compiler is a development dependency: it is needed whatever NODE_ENV or npm's `omit` say.
  const args = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const title = '安装依赖，仅首次 · installing packages, once only';
  try {
    await step(say, `${title} (npm ci)`, npm[0], [...npm.slice(1), 'ci', ...args]);
  } catch (error) {
    // A registry that lacks the packages of other platforms makes `npm ci` call the lock file incomplete. `npm install`
    // takes the same pinned versions and checks the same hashes, and --no-save leaves the lock file as it is.
    if (!/npm error code EUSAGE/.test(error.message) || !/from lock file/.test(error.message))
      throw error;
    say(
      'npm ci 拒绝了锁文件，改用 npm install（版本不变）· npm ci refused the lock file; npm install takes the same versions',
    );
    await step(say, `${title} (npm install)`, npm[0], [
      ...npm.slice(1),
      'install',
      '--no-save',
      ...args,
    ]);
  }
  fs.writeFileSync(at('node_modules', '.sopflow-lock'), lockHash());
}

async function build(say) {
  const stamp = sourcesHash(); // before the compiler reads: what is saved meanwhile is compiled the next time
  fs.rmSync(at('dist', '.sopflow-build'), { force: true });
  await step(say, '编译 · compiling (tsc)', process.execPath, [
    at('node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  fs.writeFileSync(at('dist', '.sopflow-build'), stamp);
}

/** Runs a program quietly but with a sign of life; shows all it said when it fails. */
async function step(say, title, program, args) {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  let output = '';
  say(`${title} …`);
  const heartbeat = setInterval(() => say(`${title} … ${seconds()}`), HEARTBEAT_MS);
  const ended = await runToEnd(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }, (chunk) => {
    output += chunk;
  }).finally(() => clearInterval(heartbeat));
  if (ended.signal) return endLike(ended);
  if (ended.code !== 0)
    throw new Error(
      `${output.trim()}\n${title}: failed, exit status ${ended.code}, after ${seconds()}`,
    );
  say(`${title}: ${seconds()}`);
}

function runToEnd(program, args, options, onOutput) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      program,
      args,
      Object.assign({ cwd: options.stdio === 'inherit' ? process.cwd() : root }, options),
    );
    running = child;
    for (const stream of [child.stdout, child.stderr])
      if (stream) stream.setEncoding('utf8').on('data', onOutput);
    child.on('error', (error) => reject(new Error(`${program} could not start: ${error.message}`)));
    child.on('close', (code, signal) => {
      running = undefined;
      resolve({ code, signal });
    });
  });
}

function forward(signal) {
  if (running) running.kill(signal);
  else endLike({ signal });
}

// A caller that killed npm outright leaves us behind: then everything we started must end as well. npm runs us in a
// shell, which would outlive it, so that the shell's own parent is watched too.
function watchParent() {
  const shell = /^(\S*\/)?(da|ba|z)?sh\0-c\0/.test(read(`/proc/${process.ppid}/cmdline`) || '');
  const callers = () => `${process.ppid} ${shell ? parentOf(process.ppid) : ''}`;
  const before = callers();
  setInterval(() => callers() !== before && forward('SIGTERM'), 1000).unref();
}

function parentOf(pid) {
  const [, parent] = /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`) || '') || [];
  return parent;
}

/** Ends as the child did: with its status, or by the same signal. */
function endLike(ended) {
  if (!ended.signal) process.exit(ended.code);
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  process.kill(process.pid, ended.signal);
  return new Promise(() => setInterval(() => {}, 1000)); // until the signal has arrived
}

const lockHash = () =>
  createHash('sha256')
    .update(fs.readFileSync(at('package-lock.json')))
    .digest('hex');

function isInstalled() {
  if (read(at('node_modules', '.sopflow-lock')) === lockHash()) return true;
  if (!matchesByHand()) return false;
  fs.writeFileSync(at('node_modules', '.sopflow-lock'), lockHash());
  return true;
}

// Somebody ran `npm ci` himself: npm's own record of what is installed must hold every package of the lock file.
function matchesByHand() {
  const record = read(at('node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages || {};
  const wanted = JSON.parse(fs.readFileSync(at('package-lock.json'), 'utf8')).packages;
  return Object.keys(wanted).every((name) => {
    if (name === '') return true;
    if (!installed[name]) return Boolean(wanted[name].optional); // of other platforms
    return (
      installed[name].version === wanted[name].version &&
      installed[name].integrity === wanted[name].integrity
    );
  });
}

const isBuilt = () => read(at('dist', '.sopflow-build')) === sourcesHash();

/** Paths, times and sizes of all that the compiler reads. */
function sourcesHash() {
  const hash = createHash('sha256').update(lockHash());
  const visit = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) visit(file);
      if (
        !entry.isFile() ||
        !/(\.ts|^tsconfig.*\.json)$/.test(entry.name) ||
        entry.name.endsWith('.test.ts')
      )
        continue;
      const { mtimeMs, size } = fs.statSync(file);
      hash.update(`${file} ${mtimeMs} ${size}\n`);
    }
  };
  visit(root);
  return hash.digest('hex');
}

/** Waits for its turn; the lock lies outside the checkout and node_modules, which is replaced under it. */
async function lock(say) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const file = path.join(os.tmpdir(), `sopflow-build-${os.userInfo().uid}-${name}`);
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, String(process.pid));
  try {
    for (let round = 0; ; round++) {
      try {
        fs.linkSync(draft, file); // fails when it exists, and shows the whole content at once
        return () => fs.rmSync(file, { force: true });
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = Number(read(file));
      if (holder && !isAlive(holder)) takeAway(file, holder, `${draft}.stale`);
      else if (round % 20 === 0)
        say(`等待另一进程完成安装或编译 · waiting for process ${holder}, which installs or builds`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

// Two may find the same dead holder: only its lock may go, the fresh lock of the other is put back.
function takeAway(file, holder, aside) {
  try {
    fs.renameSync(file, aside);
    if (Number(read(aside)) !== holder) fs.linkSync(aside, file);
    fs.rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined; // gone while it was read
    throw error;
  }
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  const need = OLDEST_NODE.join('.');
  process.stderr.write(
    `需要 Node ${need} 或更新版本 · sopflow needs Node ${need} or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(1);
}
main(process.argv[2], process.argv.slice(3)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
