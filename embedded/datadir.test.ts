import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataPath, openDataDir, type Running } from './datadir';
import { keepDemo } from './demo';
import { identityOf, isAlive } from './processes';
import { aFolder, eventually, removeFolders } from './testing/scripts';

afterAll(removeFolders);

const quiet = { reset: false, log: () => {} };
const running: Running = {
  api: 'http://127.0.0.1:8080',
  temporal: '127.0.0.1:7233',
  mongo: 'mongodb://127.0.0.1:27017/sopflow',
  pids: { server: 1 },
  logs: '/logs',
  corpId: 'ww1',
  corpSecret: 's',
  agentId: 1,
  token: 't',
  encodingAesKey: 'k',
  adminKey: 'a',
};

describe('the data folder', () => {
  it('lies where SOPFLOW_DATA says, else in the user data folder', () => {
    expect(dataPath({ SOPFLOW_DATA: '/somewhere', XDG_DATA_HOME: '/xdg' })).toBe('/somewhere');
    expect(dataPath({ XDG_DATA_HOME: '/xdg' })).toBe('/xdg/sopflow');
    expect(dataPath({})).toMatch(/\.local\/share\/sopflow$/);
  });

  it('lets one starter in and tells the second who runs and where', async () => {
    const path = aFolder();
    const first = await openDataDir(path, quiet);
    first.noteRunning(running);
    await expect(openDataDir(path, quiet)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(openDataDir(path, quiet)).rejects.toThrow(`process ${process.pid}`);
    await expect(openDataDir(path, quiet)).rejects.toThrow('http://127.0.0.1:8080');
    first.close();
    (await openDataDir(path, quiet)).close();
  });

  it('says what runs only to its owner, and only while it runs', async () => {
    const path = aFolder();
    const folder = await openDataDir(path, quiet);
    folder.noteRunning(running);
    const file = join(path, 'running.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(running);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    folder.close();
    expect(existsSync(file)).toBe(false);
  });

  it('ends what a killed starter left running, and nothing else that has such an id', async () => {
    const path = aFolder();
    (await openDataDir(path, quiet)).close();
    const [left, stranger] = [
      spawn('sleep', ['60'], { detached: true }),
      spawn('sleep', ['60'], { detached: true }),
    ];
    const pids = { server: left.pid ?? 0, worker: stranger.pid ?? 0 };
    const identities = { server: identityOf(pids.server), worker: 'an earlier process' };
    writeFileSync(join(path, 'pids.json'), JSON.stringify({ pids, identities }));
    (await openDataDir(path, quiet)).close();
    await eventually(() => !isAlive(pids.server));
    expect(isAlive(pids.worker)).toBe(true);
    stranger.kill('SIGKILL');
  });

  it('is emptied on reset', async () => {
    const path = aFolder();
    (await openDataDir(path, quiet)).close();
    mkdirSync(join(path, 'temporal'));
    writeFileSync(join(path, 'temporal', 'temporal.db'), 'runs');
    (await openDataDir(path, { ...quiet, reset: true })).close();
    expect(readdirSync(path)).toEqual(['.sopflow-data']);
  });

  it('is never a folder with files of others', async () => {
    const path = aFolder();
    writeFileSync(join(path, 'thesis.doc'), 'precious');
    await expect(openDataDir(path, { ...quiet, reset: true })).rejects.toThrow('thesis.doc');
    expect(readFileSync(join(path, 'thesis.doc'), 'utf8')).toBe('precious');
  });

  it('remembers until when a demo from before wrote its ledger without a key', () => {
    const path = aFolder();
    writeFileSync(join(path, 'demo.json'), JSON.stringify({ adminKey: 'from-before' }));
    const demo = keepDemo(path);
    expect(demo).toMatchObject({
      adminKey: 'from-before',
      ledgerKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      ledgerUnkeyedUntil: expect.any(String),
    });
    expect(keepDemo(path)).toEqual(demo);
  });

  it('keeps the secrets of the demo from start to start, readable by the owner alone', () => {
    const path = aFolder();
    const demo = keepDemo(path);
    expect(keepDemo(path)).toEqual(demo);
    expect(demo).not.toHaveProperty('ledgerUnkeyedUntil');
    expect(keepDemo(aFolder()).adminKey).not.toBe(demo.adminKey);
    expect(demo.encodingAesKey).toMatch(/^[A-Za-z0-9]{43}$/);
    expect(statSync(join(path, 'demo.json')).mode & 0o777).toBe(0o600);
  });
});
