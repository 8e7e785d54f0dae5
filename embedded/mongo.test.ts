import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chooseMongo } from './mongo';
import { jarsLock, mirrorOf } from './mongo/jars';
import { aFolder, aProgram, removeFolders } from './testing/scripts';

afterAll(removeFolders);

const JAVAC = '[ "$1" = -version ] && echo "javac 17.0.15"; exit 0';

function aMachine(programs: Readonly<Record<string, string>>, extra: NodeJS.ProcessEnv = {}) {
  const bin = aFolder();
  for (const [name, body] of Object.entries(programs)) aProgram(bin, name, body);
  const said: string[] = [];
  const env = { PATH: bin, SOPFLOW_CACHE: aFolder(), ...extra };
  return { bin, env, said, home: aFolder(), log: (line: string) => void said.push(line) };
}

describe('the choice of a MongoDB', () => {
  it('is the address that was given, before all else', async () => {
    const { env, log, home } = aMachine({ mongod: 'echo "db version v7.0.5"' });
    const choice = await chooseMongo({ ...env, MONGODB_URI: 'mongodb://db/x' }, log, home);
    expect(choice).toMatchObject({ taken: 'MONGODB_URI', uri: 'mongodb://db/x' });
  });

  it('is the mongod on the PATH', async () => {
    const { bin, env, log, home } = aMachine({ mongod: 'echo "db version v7.0.5"' });
    expect(await chooseMongo(env, log, home)).toMatchObject({
      taken: 'path-mongod',
      mongod: join(bin, 'mongod'),
    });
  });

  it('is a mongod that mongodb-memory-server left, when the one on the PATH is too old', async () => {
    const { env, log, home } = aMachine({ mongod: 'echo "db version v3.6.8"' });
    const left = aProgram(
      join(home, '.cache', 'mongodb-binaries'),
      'mongod-x64-debian-7.0.14',
      'echo "db version v7.0.14"',
    );
    expect(await chooseMongo(env, log, home)).toMatchObject({
      taken: 'cached-mongod',
      mongod: left,
    });
  });

  it.each([
    ['no Java', {}, /no `java` on the PATH; install a JDK 17/],
    ['a Java without compiler', { java: '' }, /no `javac`/],
    ['an old Java', { java: '', javac: 'echo "javac 11.0.2"' }, /javac is 11\.0\.2, too old/],
  ])('with %s names all ways to mend it', async (_, programs, message) => {
    const { env, log, home } = aMachine(programs);
    const refused = chooseMongo(env, log, home);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow('set MONGODB_URI=');
  });

  it('uses mvn for the stand-in where there is one, and refuses jars that are not the pinned ones', async () => {
    const mvn =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
      'for a in "$@"; do case "$a" in -DoutputDirectory=*) o="${a#*=}";; esac; done\nfor j in $JARS; do : > "$o/$j"; done';
    const names = (JSON.parse(jarsLock()) as { path: string }[]).map((jar) =>
      jar.path.split('/').at(-1),
    );
    const { env, log, home } = aMachine({ java: '', javac: JAVAC, mvn }, { JARS: names.join(' ') });
    await expect(chooseMongo(env, log, home)).rejects.toThrow(
      /from mvn has 0 bytes and sha256 .* expected/,
    );
    expect(readdirSync(env.SOPFLOW_CACHE)).toEqual([]);
  });

  it('without mvn and without a mirror says how to mend it, and asks nobody', async () => {
    const { env, log, home } = aMachine({ java: '', javac: JAVAC }, { HOME: aFolder() });
    const refused = chooseMongo(env, log, home);
    await expect(refused).rejects.toThrow(/no `mvn` on the PATH, and no mirror is named/);
    await expect(refused).rejects.toThrow(/set SOPFLOW_MAVEN_MIRROR[\s\S]*settings\.xml/);
  });

  it('says what mvn said where it could not bring them and no mirror is named', async () => {
    const mvn = 'echo "cannot resolve de.bwaldvogel" >&2; exit 1';
    const { env, log, home } = aMachine({ java: '', javac: JAVAC, mvn }, { HOME: aFolder() });
    await expect(chooseMongo(env, log, home)).rejects.toThrow(/cannot resolve de\.bwaldvogel/);
  });

  describe('by plain HTTPS', () => {
    let server: Server;
    let url: string;
    const asked: string[] = [];
    beforeAll(async () => {
      server = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.end('not the jar');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/maven2`;
    });
    afterAll(() => void server.close());

    it('asks the mirror that was named and refuses a jar that was changed on the way', async () => {
      const { env, log, home } = aMachine(
        { java: '', javac: JAVAC },
        { SOPFLOW_MAVEN_MIRROR: `${url}/` },
      );
      await expect(chooseMongo(env, log, home)).rejects.toThrow(
        /h2-2\.3\.232\.jar .* expected 2651157 bytes/,
      );
      expect(asked).toEqual(['/maven2/com/h2database/h2/2.3.232/h2-2.3.232.jar']);
      expect(readdirSync(env.SOPFLOW_CACHE)).toEqual([]);
    });
  });
});

describe('the Maven mirror', () => {
  const settings = (body: string): string => {
    const home = aFolder();
    mkdirSync(join(home, '.m2'));
    writeFileSync(
      join(home, '.m2', 'settings.xml'),
      `<settings><mirrors>${body}</mirrors></settings>`,
    );
    return home;
  };

  it('is presumed by nobody where nothing is said', () => {
    expect(mirrorOf({ HOME: aFolder() })).toBeUndefined();
  });

  it('is that of Maven itself where the user names none', () => {
    const maven = aFolder();
    mkdirSync(join(maven, 'conf'));
    writeFileSync(
      join(maven, 'conf', 'settings.xml'),
      '<mirror><mirrorOf>*</mirrorOf><url>https://of-maven.corp/</url></mirror>',
    );
    expect(mirrorOf({ HOME: aFolder(), MAVEN_HOME: maven })).toBe('https://of-maven.corp');
  });

  it('is the mirror of central in the user settings, but not one in a comment or for other repositories', () => {
    const home = settings(
      '<!-- <mirror><mirrorOf>*</mirrorOf><url>http://old</url></mirror> -->' +
        '<mirror><mirrorOf>external:http:*</mirrorOf><url>http://blocked</url></mirror>' +
        '<mirror><mirrorOf>central</mirrorOf><url>https://mirror.corp/maven/</url></mirror>',
    );
    expect(mirrorOf({ HOME: home })).toBe('https://mirror.corp/maven');
    expect(mirrorOf({ HOME: home, SOPFLOW_MAVEN_MIRROR: 'https://other/' })).toBe('https://other');
  });

  it('pins every jar by hash', () => {
    const jars = JSON.parse(jarsLock()) as { path: string; sha256: string }[];
    expect(jars).toHaveLength(17);
    expect(
      jars.every((jar) => /^[0-9a-f]{64}$/.test(jar.sha256) && jar.path.endsWith('.jar')),
    ).toBe(true);
  });
});
