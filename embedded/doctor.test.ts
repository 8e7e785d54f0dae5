import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { doctor, type Finding, holidayFinding, isHealthy } from './doctor';
import { aFolder, aProgram, removeFolders } from './testing/scripts';

afterAll(removeFolders);

const named = (findings: readonly Finding[], name: Finding['name']): Finding | undefined =>
  findings.find((finding) => finding.name === name);

describe('the doctor', () => {
  it('says from November on that the holidays of the next year are not announced', () => {
    expect(holidayFinding(new Date('2026-10-31T00:00:00Z'))).toMatchObject({ state: 'ok' });
    expect(holidayFinding(new Date('2026-11-01T00:00:00Z'))).toMatchObject({
      state: 'stand-in',
      found: expect.stringContaining('2027'),
    });
  });

  it('judges the holiday table that a running sopflow has published, not the one it brings', () => {
    const now = new Date('2026-11-01T00:00:00Z');
    const days = { '2026-10-01': 'rest', '2027-01-01': 'rest' } as const;
    expect(holidayFinding(now, { days })).toMatchObject({ state: 'ok' });
    expect(holidayFinding(now, { days: { '2027-01-01': 'rest' } })).toMatchObject({
      state: 'stand-in',
      found: expect.stringMatching(/published.*2026/),
    });
    expect(holidayFinding(now, 'none')).toMatchObject({
      state: 'stand-in',
      mend: expect.stringContaining('sopflow import holidays'),
    });
  });

  it('finds what a bare machine lacks and says how to mend it', async () => {
    const findings = await doctor({ PATH: aFolder(), SOPFLOW_CACHE: aFolder() });
    expect(isHealthy(findings)).toBe(false);
    expect(named(findings, 'MongoDB')).toMatchObject({
      state: 'missing',
      mend: expect.stringContaining('MONGODB_URI'),
    });
    expect(named(findings, 'Java')).toMatchObject({
      state: 'missing',
      found: expect.stringContaining('JDK 17'),
    });
  });

  it('needs no Go and no Java where the servers are installed, and lets the sandbox stand in', async () => {
    const bin = aFolder();
    aProgram(bin, 'temporal', 'echo "temporal version 1.9.0 (Server 1.32.0, UI 2.54.1)"');
    aProgram(bin, 'mongod', 'echo "db version v7.0.5"');
    const findings = await doctor({ PATH: bin, SOPFLOW_CACHE: aFolder() });
    expect(isHealthy(findings)).toBe(true);
    expect(named(findings, 'Temporal')?.found).toContain('path-cli');
    expect(named(findings, 'Go')?.state).toBe('spare');
    expect(named(findings, 'Java')?.state).toBe('spare');
    expect(named(findings, 'WeCom')?.state).toBe('stand-in');
  });

  it('says which system refuses a running sopflow, with its code, and is not well', async () => {
    const systems = [
      { system: 'crm', code: 'UNAUTHORISED', fault: 'ours', since: '2026-03-02', times: 12 },
    ];
    const server = createServer((request, response) =>
      response.end(JSON.stringify(request.url === '/readyz' ? { systems } : {})),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const findings = await doctor({ PATH: aFolder() }, api);
    server.close();
    expect(findings.at(-1)).toMatchObject({
      name: 'CRM',
      state: 'refusing',
      found: expect.stringMatching(/UNAUTHORISED.*12/),
      mend: expect.stringContaining('secret'),
    });
    expect(isHealthy(findings.slice(-1))).toBe(false);
  });

  it('calls it a lack when production would write a ledger that nobody signs', async () => {
    const ledger = async (env: NodeJS.ProcessEnv) =>
      named(await doctor({ PATH: aFolder(), SOPFLOW_CACHE: aFolder(), ...env }), 'Ledger');
    expect(await ledger({})).toMatchObject({ state: 'stand-in' });
    expect(await ledger({ NODE_ENV: 'production' })).toMatchObject({
      state: 'missing',
      mend: expect.stringContaining('SOPFLOW_LEDGER_KEYS'),
    });
    const found = await ledger({ SOPFLOW_LEDGER_KEYS: 'k:hush-hush-hush-hush' });
    expect(found).toMatchObject({ state: 'ok' });
    expect(JSON.stringify(found)).not.toContain('hush');
  });

  it('asks the systems that are configured, and never shows a password', async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const gone = 'http://127.0.0.1:9';
    const findings = await doctor({
      PATH: aFolder(),
      SMS_BASE_URL: url,
      CRM_BASE_URL: gone,
      MONGODB_URI: 'mongodb://user:hush@127.0.0.1:9/x',
      TEMPORAL_ADDRESS: '127.0.0.1:9',
    });
    server.close();
    expect(named(findings, 'SMS')).toMatchObject({ state: 'ok', found: `${url} (HTTP 404)` });
    expect(named(findings, 'CRM')).toMatchObject({
      state: 'missing',
      mend: expect.stringContaining('CRM_BASE_URL'),
    });
    expect(named(findings, 'Temporal')).toMatchObject({ state: 'missing' });
    expect(JSON.stringify(findings)).not.toContain('hush');
  });
});
