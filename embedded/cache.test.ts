import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachePath, obtain } from './cache';
import { aFolder, removeFolders } from './testing/scripts';

afterAll(removeFolders);

function anEntry(root: string, make: (folder: string) => Promise<void>) {
  return { root, name: 'thing-1', what: 'the thing', log: () => {}, make };
}

describe('the cache of servers', () => {
  it('makes an entry once and finds it afterwards', async () => {
    const root = aFolder();
    let made = 0;
    const make = async (folder: string): Promise<void> => {
      made++;
      writeFileSync(join(folder, 'binary'), 'whole');
    };
    await obtain(anEntry(root, make));
    const folder = await obtain(anEntry(root, make));
    expect(readFileSync(join(folder, 'binary'), 'utf8')).toBe('whole');
    expect(made).toBe(1);
  });

  it('lets one make it while the others wait and say so', async () => {
    const root = aFolder();
    let made = 0;
    const said: string[] = [];
    const make = async (folder: string): Promise<void> => {
      made++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      writeFileSync(join(folder, 'binary'), '');
    };
    const entry = { ...anEntry(root, make), log: (line: string) => void said.push(line) };
    const folders = await Promise.all([obtain(entry), obtain(entry), obtain(entry)]);
    expect(new Set(folders).size).toBe(1);
    expect(made).toBe(1);
    expect(said.join()).toContain(`waiting for process ${process.pid}, which is making the thing`);
  });

  it('leaves nothing half when making fails, and makes it anew the next time', async () => {
    const root = aFolder();
    const broken = async (folder: string): Promise<void> => {
      writeFileSync(join(folder, 'binary'), 'ha');
      throw new Error('the compiler stopped');
    };
    await expect(obtain(anEntry(root, broken))).rejects.toThrow('the compiler stopped');
    expect(readdirSync(root)).toEqual([]);
    await obtain(anEntry(root, async () => {}));
    expect(existsSync(join(root, 'thing-1'))).toBe(true);
  });

  it('clears away what a killed maker left', async () => {
    const root = aFolder();
    mkdirSync(join(root, 'thing-1.part-x'));
    await obtain(anEntry(root, async () => {}));
    expect(readdirSync(root)).toEqual(['thing-1']);
  });

  it('lies where SOPFLOW_CACHE says, else in the user cache folder', () => {
    expect(cachePath({ SOPFLOW_CACHE: '/somewhere', XDG_CACHE_HOME: '/xdg' })).toBe('/somewhere');
    expect(cachePath({ XDG_CACHE_HOME: '/xdg' })).toBe('/xdg/sopflow');
    expect(cachePath({})).toMatch(/\.cache\/sopflow$/);
  });
});
