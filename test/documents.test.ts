import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];
const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

describe('the documents', () => {
  test.each(DOCUMENTS)('%s links only to what exists', (document) => {
    const links = matches(read(document), /\]\(([^)#:]+)(?:#[^)]*)?\)/g);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });

  test.each(DOCUMENTS)('%s names only source files that exist', (document) => {
    const files = matches(read(document), /`([\w-]+(?:\/[\w.-]+)*\.(?:ts|cjs|yml))`/g);
    const missing = files.filter(
      (file) => !existsSync(join(ROOT, file)) && !existsSync(join(ROOT, 'workflows', file)),
    );
    expect(missing).toEqual([]);
  });

  test('operations.md explains every variable of the configuration', () => {
    const variables = matches(read('config.ts'), /^ {2}([A-Z_]+):/gm);
    expect(variables.length).toBeGreaterThan(20);
    expect(
      variables.filter((variable) => !read('docs/operations.md').includes(`\`${variable}\``)),
    ).toEqual([]);
  });

  test('the README names exactly the commands there are', () => {
    const commands = matches(read('bin/commandTable.ts'), /usage:\s+'(\w+)/g);
    const section =
      read('README.md')
        .split('\n## ')
        .find((part) => part.startsWith('Command line')) ?? '';
    expect(matches(section, /^\| `(\w+)/gm).sort()).toEqual(commands.sort());
  });

  test('the README stays short', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150);
  });
});
