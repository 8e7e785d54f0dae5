import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock, waitForLock } from './lock';
import { aFolder, removeFolders } from './testing/scripts';

afterAll(removeFolders);

const deadPid = (): number => spawnSync('true').pid;

describe('a lock between processes', () => {
  it('is held by one at a time and names its holder', () => {
    const path = join(aFolder(), 'lock');
    const first = tryLock(path);
    expect(first.held).toBe(true);
    expect(tryLock(path)).toMatchObject({ held: false, holder: { pid: process.pid } });
    if (first.held) first.release();
    expect(tryLock(path).held).toBe(true);
  });

  it('is taken over from a dead process', () => {
    const path = join(aFolder(), 'lock');
    writeFileSync(path, JSON.stringify({ pid: deadPid(), identity: 'gone', since: 'before' }));
    expect(tryLock(path).held).toBe(true);
  });

  it('is taken over when the id now belongs to another process', () => {
    const path = join(aFolder(), 'lock');
    writeFileSync(
      path,
      JSON.stringify({ pid: process.pid, identity: 'an earlier process', since: 'before' }),
    );
    expect(tryLock(path).held).toBe(true);
  });

  it.each(['', '{"pid":', 'null', '[]'])('is taken over when it was cut short: %j', (content) => {
    const path = join(aFolder(), 'lock');
    writeFileSync(path, content);
    expect(tryLock(path).held).toBe(true);
  });

  it('leaves no other file behind', () => {
    const folder = aFolder();
    const lock = tryLock(join(folder, 'lock'));
    tryLock(join(folder, 'lock'));
    if (lock.held) lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets the one who waits in, and says meanwhile who holds it', async () => {
    const path = join(aFolder(), 'lock');
    const first = tryLock(path);
    const heard: number[] = [];
    const waiting = waitForLock(path, (holder) => {
      heard.push(holder.pid);
      if (first.held) first.release();
    });
    const release = await waiting;
    expect(heard).toEqual([process.pid]);
    release();
    expect(existsSync(path)).toBe(false);
  });
});
