import { renderSummary } from './summary';

const SUMMARY = {
  contacts: 5000,
  inbox: 0,
  parked: 2,
  runs: [
    { journey: 'welcome', state: 'running', count: 2 },
    { journey: 'welcome', state: 'closed', outcome: 'welcomed', count: 7 },
  ],
  ledger: [
    { kind: 'decision', name: 'pass', count: 9 },
    { kind: 'decision', name: 'deferred', reason: 'quiet-hours', count: 3 },
    { kind: 'decision', name: 'suppressed', reason: 'cap', count: 4 },
    { kind: 'decision', name: 'suppressed', reason: 'consent', count: 5 },
    { kind: 'settlement', name: 'sent', count: 6 },
    { kind: 'settlement', name: 'withdrawn', reason: 'withdrawn:consent', count: 2 },
  ],
  orders: { accepted: 1 },
  overdue: 0,
  differences: {},
};

describe('the summary', () => {
  it('counts runs by journey, state and outcome', () => {
    expect(renderSummary(SUMMARY)).toMatch(/欢迎 welcome\s+2\s+7\s+welcomed 7/);
  });

  it('counts touches by verdict with their reasons, the most frequent first', () => {
    const text = renderSummary(SUMMARY);
    expect(text).toMatch(/已拦截 suppressed\s+9\s+consent 5, cap 4/);
    expect(text).toMatch(/已延后 deferred\s+3\s+quiet-hours 3/);
  });

  it('counts a pass that nobody settled yet as tasked, also one whose task was taken back', () => {
    expect(renderSummary(SUMMARY)).toMatch(/待确认 tasked\s+3/);
  });

  it('says what nobody settled and what the books said differently, and nothing when all is well', () => {
    expect(renderSummary(SUMMARY)).not.toMatch(/overdue|difference/);
    const alarmed = { ...SUMMARY, overdue: 2, differences: { 'reaped-released': 3 } };
    expect(renderSummary(alarmed)).toMatch(/overdue 2\n.*已释放 past their time and released: 3/);
  });

  it('says how many items of the inbox wait for a person', () => {
    expect(renderSummary(SUMMARY)).toContain('待处理 parked 2');
  });

  it('names the addresses when they are known', () => {
    expect(renderSummary(SUMMARY, { api: 'http://a', temporalUi: 'http://t' })).toContain(
      'http://a/docs',
    );
  });
});
