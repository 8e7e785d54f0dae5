import { runForget } from './forget';

const kept = [{ what: 'ledger', zh: '台账', en: 'the ledger' }];
const begun = { subject: '~abc', state: 'forgetting', kept };
const done = { ...begun, state: 'forgotten', removed: { ledger: 2, contacts: 1 } };

/** What the API answers, one after the other; the last stays. */
async function forget(...answers: readonly object[]) {
  const asked: string[] = [];
  const text = { output: '', progress: '' };
  const status = await runForget(['c 1', '--reason', 'asked for it'], {
    remote: () => ({
      async fetch(path, { method = 'GET' } = {}) {
        asked.push(`${method} ${path}`);
        return Response.json(answers[Math.min(asked.length, answers.length) - 1]);
      },
    }),
    output: { write: (more) => (text.output += more) },
    progress: { write: (more) => (text.progress += more) },
    pause: async () => {},
  });
  return { status, asked, ...text };
}

describe('sopflow forget', () => {
  it('says what is gone and what the law keeps', async () => {
    const { status, asked, output, progress } = await forget(done);
    expect([status, progress]).toEqual([0, '']);
    expect(asked).toEqual(['DELETE /api/v1/contacts/c%201?reason=asked+for+it']);
    for (const line of ['forgotten', '~abc', '  ledger: 2', '  contacts: 1', '  ledger: 台账'])
      expect(output).toContain(line);
  });

  it('waits for running journeys, and says so once', async () => {
    const { status, asked, progress } = await forget(begun, begun, done);
    expect(status).toBe(0);
    expect(asked.slice(1)).toEqual(['GET /api/v1/forgotten/~abc', 'GET /api/v1/forgotten/~abc']);
    expect(progress.match(/waiting for running journeys/g)).toHaveLength(1);
  });

  it('leaves what takes longer to the servers, and does not call it done', async () => {
    const { status, output } = await forget(begun);
    expect(status).toBe(1);
    expect(output).toContain('going on by itself');
    expect(output).not.toContain('removed or renamed');
  });

  it('asks for a reason', async () => {
    await expect(runForget(['c-1'])).rejects.toThrow('--reason is missing');
  });
});
