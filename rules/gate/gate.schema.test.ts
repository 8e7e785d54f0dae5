// Malformed input is an error naming the place and what is allowed, never a verdict.

import { type CodedError, isCodedError } from '../base/errors';
import { parsePolicy } from '../policy/policy.schema';
import { parseGateCase } from './gate.schema';

const day = { kind: 'calendar', unit: 'day' };

/** A case with one place of it set to a value; places are dotted. */
function caseWith(place: string, value: unknown): unknown {
  const whole: Record<string, unknown> = {
    policy: {
      id: 'p',
      version: 1,
      timezone: 'Asia/Shanghai',
      consent: [{ need: 'granted' }],
      quietHours: [{ id: 'q', from: '21:00', to: '09:00' }],
      gaps: [{ id: 'g', hours: 4 }],
      caps: [
        { id: 'c', limit: 1, window: { ...day } },
        { id: 'd', limit: 1, window: { kind: 'rolling', hours: 1 } },
      ],
      holdout: { percent: 5, salt: '', by: 'contact' },
    },
    contact: {
      contactId: 'c-1',
      channels: { sms: { reachable: true } },
      consents: { sms: { marketing: 'granted' } },
      blocks: [{ channel: 'sms' }],
      dnd: [{ until: '2026-03-01T00:00:00Z' }],
      quietHours: { from: '22:00', to: '08:00' },
      touches: [
        {
          touchId: 'o',
          at: '2026-03-01T00:00:00Z',
          state: 'sent',
          channel: 'sms',
          class: 'marketing',
        },
      ],
    },
    touch: { touchId: 't', at: '2026-03-02T01:00:00Z', channel: 'sms', class: 'marketing' },
    holidays: { '2026-10-01': 'rest' },
  };
  const keys = place.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((found, key) => found[key] as Record<string, unknown>, whole);
  parent[last] = value;
  return whole;
}

function refusal(act: () => unknown): CodedError {
  try {
    act();
  } catch (error) {
    if (isCodedError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a case of the gate', () => {
  test.each<readonly [place: string, value: unknown, path: string, allowed: string]>([
    ['policy.timezone', 'Mars/Olympus', 'policy.timezone', 'IANA time zone'],
    ['contact.timezone', 'GMT+8', 'contact.timezone', 'IANA time zone'],
    ['policy.note', 'x', 'policy.note', 'id, version, timezone'],
    ['policy.caps.0.every', 1, 'policy.caps[0].every', 'limit, window'],
    ['policy.caps.0.window.hours', 1, 'policy.caps[0].window.hours', 'kind, unit'],
    ['policy.caps.0.window', 3, 'policy.caps[0].window', 'object'],
    ['policy.caps.0.window.kind', 'sliding', 'policy.caps[0].window.kind', 'calendar, rolling'],
    [
      'policy.caps.0.window.unit',
      'year',
      'policy.caps[0].window.unit',
      'day, week, month, billCycle',
    ],
    ['policy.caps.1.window.hours', 0, 'policy.caps[1].window.hours', '> 0'],
    ['policy.caps.1.id', 'c', 'policy.caps[1].id', 'no other rule of this kind'],
    ['policy.caps.0.limit', -1, 'policy.caps[0].limit', '>= 0'],
    ['policy.caps.0.limit', 1.5, 'policy.caps[0].limit', 'whole number'],
    ['policy.caps.0.limit', '1', 'policy.caps[0].limit', 'number'],
    ['policy.caps.0.onHit', 'drop', 'policy.caps[0].onHit', 'defer, suppress'],
    ['policy.caps.0.per', ['colour'], 'policy.caps[0].per[0]', 'channel, category'],
    ['policy.gaps.0.hours', 0, 'policy.gaps[0].hours', '> 0'],
    ['policy.gaps.0.hours', -1, 'policy.gaps[0].hours', '> 0'],
    [
      'policy.gaps.0.counts',
      ['spam'],
      'policy.gaps[0].counts[0]',
      'transactional, service, marketing',
    ],
    ['policy.consent.0.need', 'asked', 'policy.consent[0].need', 'granted, not-refused'],
    ['policy.consent.0.id', 'x', 'policy.consent[0].id', 'classes, channels, need'],
    ['policy.quietHours.0.from', '24:00', 'policy.quietHours[0].from', 'HH:mm'],
    ['policy.quietHours.0.to', '9:00', 'policy.quietHours[0].to', 'HH:mm'],
    ['policy.quietHours.0.days', ['monday'], 'policy.quietHours[0].days[0]', 'mon, tue'],
    ['policy.quietHours.0.dayKinds', ['holiday'], 'policy.quietHours[0].dayKinds[0]', 'work, rest'],
    ['policy.holdout.percent', 100.1, 'policy.holdout.percent', '<= 100'],
    ['policy.holdout.percent', -0.1, 'policy.holdout.percent', '>= 0'],
    ['policy.holdout.by', 'city', 'policy.holdout.by', 'contact, campaign'],
    ['policy.id', '', 'policy.id', 'not empty'],
    ['contact.billDay', 32, 'contact.billDay', '<= 31'],
    ['contact.billDay', 0, 'contact.billDay', '>= 1'],
    ['contact.billDay', 1.5, 'contact.billDay', 'int'],
    ['contact.name', 'x', 'contact.name', 'contactId'],
    ['contact.channels.sms.state', 'x', 'contact.channels.sms.state', 'reachable'],
    [
      'contact.consents.sms.marketing',
      'yes',
      'contact.consents.sms.marketing',
      'granted, refused, unknown',
    ],
    [
      'contact.consents.sms.promo',
      'granted',
      'contact.consents.sms.promo',
      'transactional, service, marketing',
    ],
    ['contact.dnd.0.until', '2026-03-01T00:00:00', 'contact.dnd[0].until', 'offset'],
    ['contact.touches.0.at', '2026-02-30T00:00:00Z', 'contact.touches[0].at', 'ISO 8601'],
    [
      'contact.touches.0.state',
      'planned',
      'contact.touches[0].state',
      'reserved, tasked, sent, released',
    ],
    ['contact.quietHours.days', ['mon'], 'contact.quietHours.days', 'from, to'],
    ['touch.class', 'promo', 'touch.class', 'transactional, service, marketing'],
    ['touch.at', undefined, 'touch.at', 'string'],
    ['touch.at', null, 'touch.at', 'string'],
    ['touch.expiresAt', '2026-03-02', 'touch.expiresAt', 'ISO 8601'],
    ['holidays.2026-02-30', 'rest', 'holidays.2026-02-30', 'YYYY-MM-DD'],
    ['holidays.2026-10-02', 'half', 'holidays.2026-10-02', 'rest, work'],
    ['extra', 1, 'extra', 'policy, contact, touch'],
    ['policy', undefined, 'policy', 'object'],
  ])('is refused for %s = %j', (place, value, path, allowed) => {
    const { code, issues } = refusal(() => parseGateCase(caseWith(place, value)));
    expect(code).toBe('INVALID_INPUT');
    expect(issues[0]).toMatchObject({ path, allowed: expect.stringContaining(allowed) });
  });

  it('names the value that was found, shortened', () => {
    const { message } = refusal(() => parseGateCase(caseWith('touch.class', 'x'.repeat(500))));
    expect(message).toMatch(
      /^touch\.class: "x{79}… is not allowed; allowed: transactional, service, marketing, reply$/,
    );
  });

  it('refuses input nested beyond all reason', () => {
    const deep = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown;
    expect(refusal(() => parsePolicy(deep))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'policy', allowed: '100 levels' }],
    });
  });

  it('names every place that is wrong', () => {
    const { issues } = refusal(() =>
      parsePolicy({ id: 'p', version: 1, timezone: 'x', caps: 3 }, 'draft'),
    );
    expect(issues.map(({ path }) => path)).toEqual(['draft.timezone', 'draft.caps']);
  });

  it('takes a field that is null for absent, at any depth and even when it is unknown', () => {
    const given = caseWith('policy.caps.0.channels', null) as {
      contact: Record<string, unknown>;
      touch: Record<string, unknown>;
    };
    given.contact.dnd = [{ from: null, until: null }];
    given.contact.channels = { sms: null, wecom: { reachable: null } };
    given.touch.mood = null;
    const { policy, contact, touch } = parseGateCase(given);
    expect(policy.caps?.[0]).toEqual({ id: 'c', limit: 1, window: day });
    expect(contact).toMatchObject({ dnd: [{}], channels: { wecom: {} } });
    expect(touch).not.toHaveProperty('mood');
  });

  it('does not take a null in a list for a channel', () => {
    expect(
      refusal(() => parseGateCase(caseWith('policy.caps.0.channels', ['sms', null]))).issues[0],
    ).toMatchObject({
      path: 'policy.caps[0].channels[1]',
    });
  });

  it('has no exceptions to the week when the holidays are absent', () => {
    expect(parseGateCase(caseWith('holidays', undefined)).holidays).toEqual({});
  });

  it('gives what it was given when nothing is wrong, and ignores a name and an expectation', () => {
    const given = caseWith('name', 'n') as Record<string, unknown>;
    const { name: _, ...rest } = given;
    expect(parseGateCase({ ...given, expect: { verdict: 'pass' } })).toMatchObject(rest);
  });
});
