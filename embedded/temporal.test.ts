import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run } from './commands';
import { chooseTemporal, findTemporal } from './temporal';
import { SERVER_ENTRY } from './temporal/build';
import { aFolder, aProgram, removeFolders } from './testing/scripts';

afterAll(removeFolders);

const NOWHERE = 'http://no-such-host.invalid/cli';
const NEW_CLI = 'echo "temporal version 1.9.0 (Server 1.32.0, UI 2.54.1)"';
const OLD_CLI = 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.40.0)"';
// A Go that "compiles" by leaving an empty program named `server`, as the two real sources do.
const GO = [
  'if [ "$1" = version ]; then echo "go version go1.26.8 linux/amd64"; exit 0; fi',
  'echo "$GOTOOLCHAIN $CGO_ENABLED $GOFLAGS $*" >> "$SOPFLOW_CACHE/go.log"',
  ': > "$GOBIN/server"',
].join('\n');

function aMachine(programs: Readonly<Record<string, string>>) {
  const bin = aFolder();
  for (const [name, body] of Object.entries(programs)) aProgram(bin, name, body);
  const said: string[] = [];
  const env = { PATH: bin, SOPFLOW_CACHE: aFolder() };
  return { bin, env, said, log: (line: string) => void said.push(line) };
}

describe('the choice of a Temporal server', () => {
  it('is the address that was given, before all else', async () => {
    const { env, log } = aMachine({ temporal: NEW_CLI });
    const choice = await chooseTemporal(
      { ...env, TEMPORAL_ADDRESS: 'temporal.corp:7233' },
      log,
      NOWHERE,
    );
    expect(choice).toMatchObject({ taken: 'TEMPORAL_ADDRESS', address: 'temporal.corp:7233' });
  });

  it('is the CLI on the PATH when it is new enough', async () => {
    const { bin, env, log } = aMachine({ temporal: NEW_CLI, go: GO });
    const choice = await chooseTemporal(env, log, NOWHERE);
    expect(choice).toMatchObject({ taken: 'path-cli', cli: join(bin, 'temporal') });
    expect(choice.why).toContain('CLI 1.9.0, server 1.32.0');
  });

  it('is the cache when the CLI is too old, and says so', async () => {
    const { env } = aMachine({ temporal: OLD_CLI });
    mkdirSync(join(env.SOPFLOW_CACHE, SERVER_ENTRY));
    const { choice, passed } = await findTemporal(env);
    expect(choice).toMatchObject({ taken: 'cache' });
    expect(passed.join()).toContain('too old (CLI 1.5.1, server 1.29.1');
  });

  it('is a build when nothing else is there, made once', async () => {
    const { env, log, said } = aMachine({ go: GO });
    const built = await chooseTemporal(env, log, NOWHERE);
    expect(built).toMatchObject({ taken: 'built' });
    expect(built.why).toContain('no-such-host.invalid does not resolve here');
    expect(said.join()).toContain('once only, about ten minutes');
    const calls = readFileSync(join(env.SOPFLOW_CACHE, 'go.log'), 'utf8');
    expect(calls).toContain(
      'local 0 -buildvcs=false install -v -ldflags=-s -w go.temporal.io/server/cmd/server@v1.32.0',
    );
    expect(calls).toContain('github.com/temporalio/ui-server/v2/cmd/server@v2.54.1');
    expect(await chooseTemporal(env, log, NOWHERE)).toMatchObject({ taken: 'cache' });
    expect(readFileSync(join(env.SOPFLOW_CACHE, 'go.log'), 'utf8')).toBe(calls);
  });

  it('leaves nothing behind when the build breaks, and shows the compiler', async () => {
    const broken =
      'if [ "$1" = version ]; then echo "go version go1.26.8"; exit 0; fi\n: > "$GOBIN/server"; echo "proxy: 403"; exit 1';
    const { env, log } = aMachine({ go: broken });
    await expect(chooseTemporal(env, log, NOWHERE)).rejects.toThrow(
      /exit status 1.*GOPROXY.*proxy: 403/s,
    );
    expect(readdirSync(env.SOPFLOW_CACHE)).toEqual([]);
  });

  it.each([
    ['no Go', {}, /no `go` on the PATH; install Go 1\.26\.8/],
    [
      'an old Go',
      { go: 'echo "go version go1.24.4 linux/amd64"' },
      /is Go 1\.24\.4, too old; install Go 1\.26\.8/,
    ],
  ])('with %s names all ways to mend it', async (_, programs, message) => {
    const { env, log } = aMachine(programs);
    const refused = chooseTemporal(env, log, NOWHERE);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow('set TEMPORAL_ADDRESS=host:port');
  });

  describe('by download', () => {
    let server: Server;
    let url: string;
    let archive: Buffer;
    beforeAll(async () => {
      const folder = aFolder();
      aProgram(folder, 'temporal', NEW_CLI);
      await run('tar', ['-czf', join(folder, 'a.tar.gz'), '-C', folder, 'temporal']);
      archive = readFileSync(join(folder, 'a.tar.gz'));
      server = createServer((request, response) => {
        if (request.url?.startsWith('/gone')) response.writeHead(404).end();
        else response.end(archive);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => void server.close());

    it('keeps the CLI in the cache', async () => {
      const { env, log } = aMachine({});
      const choice = await chooseTemporal(env, log, `${url}/cli`);
      expect(choice).toMatchObject({ taken: 'download' });
      expect('cli' in choice && existsSync(choice.cli)).toBe(true);
      expect(await chooseTemporal(env, log, NOWHERE)).toMatchObject({ taken: 'cache' });
    });

    it('goes on to the build when the service refuses', async () => {
      const { env, log } = aMachine({ go: GO });
      const choice = await chooseTemporal(env, log, `${url}/gone`);
      expect(choice).toMatchObject({ taken: 'built' });
      expect(choice.why).toContain('answered 404');
    });
  });
});
