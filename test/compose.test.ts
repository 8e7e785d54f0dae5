import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../config';

interface Service {
  readonly image: string;
  readonly restart: string;
  readonly build?: { readonly target: string };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly { readonly source: string }[];
  readonly ports?: readonly string[];
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources: { readonly limits: { readonly memory: string } };
  };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: object;
  readonly volumes: object;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

const read = (name: string): string => readFileSync(join(__dirname, '..', name), 'utf8');
const text = read('docker-compose.yml');
const REFERENCE = /\$\$|\$\{([A-Z_]+)(:[-?])?([^}]*)\}/g;

/** Fills variables in as Docker Compose does. */
function fill(source: string, variables: Readonly<Record<string, string>>): string {
  return source.replace(
    REFERENCE,
    (reference: string, name: string | undefined, operator: string | undefined, rest: string) => {
      if (name === undefined) return reference;
      const value = variables[name] || undefined;
      if (value === undefined && operator === ':?') throw new Error(`${name} is required: ${rest}`);
      return value ?? (operator === ':-' ? rest : '');
    },
  );
}

/** Every text of a parsed document, filled in: variables can change values, never the structure. */
const fillAll = (variables: Readonly<Record<string, string>>): Compose =>
  JSON.parse(JSON.stringify(parse(text, { merge: true })), (_, value: unknown) =>
    typeof value === 'string' ? fill(value, variables) : value,
  ) as Compose;

const REQUIRED = {
  POSTGRES_PASSWORD: 'postgres-password',
  MONGODB_ROOT_PASSWORD: 'mongo-root-password',
  MONGODB_PASSWORD: 'mongo-password',
  MONGODB_REPLICA_KEY: 'replica-key',
  SOPFLOW_ADMIN_KEY: 'first-admin-key',
  SMS_WEBHOOK_SECRET: 'sms-secret',
  CRM_WEBHOOK_SECRET: 'crm-secret',
  IOP_WEBHOOK_SECRET: 'iop-secret',
  METRICS_KEY: 'metrics-key',
  WECOM_CORP_ID: 'ww1',
  WECOM_CORP_SECRET: 'corp-secret',
  WECOM_AGENT_ID: '1000002',
  WECOM_TOKEN: 'token',
  WECOM_ENCODING_AES_KEY: 'k'.repeat(43),
};
const { services, networks, volumes, configs } = fillAll(REQUIRED);
const entries = Object.entries(services);
const isOneShot = (service: Service): boolean => service.restart.startsWith('on-failure');

describe('the production compose file', () => {
  test.each(Object.keys(REQUIRED))('refuses to start without %s', (name) => {
    expect(() => fillAll({ ...REQUIRED, [name]: '' })).toThrow(`${name} is required`);
  });

  test('has no secret written into it', () => {
    const secrets = [...text.matchAll(/^\s*(\w*(?:PASSWORD|PWD|SECRET|_KEY|TOKEN)): (.*)$/gm)];
    expect(secrets.length).toBeGreaterThan(10);
    for (const [, , value] of secrets) expect(value).toMatch(/^\$\{[A-Z_]+:(\?.+|-)\}$/);
  });

  test.each(entries)('pins the image of %s to a version', (_, service) => {
    expect(service.image).toMatch(/^[a-z/-]+:\d+(\.\d+)*$/);
  });

  test.each(entries)(
    'bounds the memory of %s unless it runs once, and says when to start it again',
    (_, service) => {
      expect(service.restart).toMatch(/^(unless-stopped|on-failure:\d+)$/);
      if (!isOneShot(service)) expect(service.deploy?.resources.limits.memory).toMatch(/^\d+[gm]$/);
    },
  );

  test('watches the health of everything that answers to somebody', () => {
    const unwatched = entries
      .filter(([, service]) => !isOneShot(service) && !service.healthcheck)
      .map(([name]) => name);
    expect(unwatched).toEqual(['worker']);
  });

  test('waits for one-shots to complete and for services to be healthy', () => {
    for (const [, service] of entries)
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        const needed = services[name];
        if (!needed) throw new Error(`nothing is called ${name}`);
        expect([name, condition]).toEqual([
          name,
          isOneShot(needed) ? 'service_completed_successfully' : 'service_healthy',
        ]);
        if (!isOneShot(needed)) expect(needed.healthcheck).toBeDefined();
      }
  });

  test('starts server and worker only on a database and a namespace that are ready', () => {
    for (const name of ['server', 'worker'])
      expect(Object.keys(services[name]?.depends_on ?? {}).sort()).toEqual([
        'mongo-init',
        'temporal-namespace',
      ]);
    expect(Object.keys(services.temporal?.depends_on ?? {})).toContain('temporal-schema');
  });

  test('refers only to networks, volumes and configs that it declares, and declares none in vain', () => {
    const used = (pick: (service: Service) => readonly string[]): string[] =>
      [...new Set(entries.flatMap(([, service]) => pick(service)))].sort();
    expect(used((service) => service.networks)).toEqual(Object.keys(networks).sort());
    expect(
      used((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '')),
    ).toEqual(Object.keys(volumes).sort());
    expect(used((service) => (service.configs ?? []).map((config) => config.source))).toEqual(
      Object.keys(configs).sort(),
    );
  });

  test.each(['temporal-schema', 'temporal-namespace', 'mongo-start'])(
    'has a script %s that a shell can read',
    (name) => {
      const script = configs[name]?.content.replaceAll('$$', '$');
      expect(() => execFileSync('sh', ['-n'], { input: script, stdio: 'pipe' })).not.toThrow();
    },
  );

  test.each(['server', 'worker'])('runs two of the %s, each with what it publishes', (name) => {
    const service = services[name];
    expect(service?.deploy?.replicas).toBe(2);
    for (const port of service?.ports ?? []) {
      const [, first, last] = /:(\d+)-(\d+):\d+$/.exec(port) ?? [];
      expect(Number(last) - Number(first) + 1).toBeGreaterThanOrEqual(2);
    }
  });

  test('publishes nothing of the databases and of Temporal', () => {
    for (const [name, service] of entries)
      if (service.ports) expect(['server', 'temporal-ui']).toContain(name);
  });

  test('builds targets that the Dockerfile has, and none of them runs as root', () => {
    const dockerfile = read('Dockerfile');
    for (const [, service] of entries)
      if (service.build)
        expect(dockerfile).toMatch(new RegExp(`^FROM runtime AS ${service.build.target}$`, 'm'));
    expect(dockerfile.indexOf('USER node')).toBeLessThan(dockerfile.indexOf('FROM runtime AS'));
  });

  test('configures the sandbox with exactly the variables that it reads', () => {
    const known = [...read('sandbox/main.ts').matchAll(/^ {4}([A-Z_]+): z\./gm)].map(
      (match) => match[1],
    );
    const optional = ['SANDBOX_SEED', 'SANDBOX_STATE'];
    expect(Object.keys(services.sandbox?.environment ?? {}).sort()).toEqual(
      known.filter((name) => !optional.includes(name ?? '')).sort(),
    );
  });

  test.each(['server', 'worker'])(
    'configures the %s with variables that config.ts knows',
    (name) => {
      const environment = services[name]?.environment ?? {};
      const source = read('config.ts');
      for (const key of Object.keys(environment).filter((key) => key !== 'NODE_ENV'))
        expect(source).toMatch(new RegExp(`^  ${key}: `, 'm'));
      const config = readConfig(environment);
      expect(config.MONGODB_URI).toContain('replicaSet=rs0');
      expect(config.TEMPORAL_ADDRESS).toBe('temporal:7233');
      expect(config.TEMPORAL_NAMESPACE).toBe(
        services['temporal-namespace']?.environment?.TEMPORAL_NAMESPACE,
      );
      expect(config.SMS_BASE_URL).toBeUndefined();
    },
  );
});

describe('the image', () => {
  test('is compiled from files that .dockerignore lets into its context', () => {
    const ignored = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '');
    const { files = [] } = JSON.parse(read('tsconfig.build.json')) as {
      readonly files?: readonly string[];
    };
    expect(files.filter((file) => ignored.some((folder) => file.startsWith(`${folder}/`)))).toEqual(
      [],
    );
  });
});

describe('.env.example', () => {
  const named = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]).sort();

  test('names exactly the variables of the compose file', () => {
    const used = [...text.matchAll(REFERENCE)]
      .map((match) => match[1])
      .filter((name) => name !== undefined);
    expect(named).toEqual([...new Set(used)].sort());
  });
});
