// Access tokens: one per secret, 7,200 seconds, sometimes called back early; bad secrets shut an address out for an hour.

import { HOUR_MS } from '../../rules/time/durations';
import type { Deps } from '../deps';
import { WecomError } from './errors';

const LIFETIME_S = 7200;
const BAD_SECRETS_AN_HOUR = 2000;

export interface Tokens {
  issue(asked: { readonly corpid: string; readonly corpsecret: string; readonly ip: string }): {
    access_token: string;
    expires_in: number;
  };
  /** @throws WecomError 41001, 40014 or 42001. */
  check(token: string | undefined): void;
  /** Calls the token in force back: `expired` makes it answer 42001, `invalidated` 40014. */
  callBack(as: 'invalidated' | 'expired'): void;
}

export function createTokens(deps: Deps): Tokens {
  const badSecrets = countBadSecrets(deps);
  return {
    issue(asked) {
      assertMayAsk(deps, badSecrets, asked);
      return issueToken(deps);
    },
    check: (token) => checkToken(deps, token),
    callBack(as) {
      const token = validToken(deps);
      if (token) deps.state.tokens.set(token.token, { ...token, state: as });
    },
  };
}

/** Wrong secrets of an address within the last hour. */
function countBadSecrets({ clock, options }: Deps) {
  const times = new Map<string, number[]>();
  const recent = (ip: string): number[] =>
    (times.get(ip) ?? []).filter((at) => at > clock.now() - HOUR_MS);

  return {
    count: (ip: string): void => void times.set(ip, [...recent(ip), clock.now()]),
    isTooMany: (ip: string): boolean =>
      recent(ip).length >= (options.badSecretLimit ?? BAD_SECRETS_AN_HOUR),
  };
}

function assertMayAsk(
  { options: { wecom } }: Deps,
  badSecrets: ReturnType<typeof countBadSecrets>,
  { corpid, corpsecret, ip }: Parameters<Tokens['issue']>[0],
): void {
  if (corpid === '') throw new WecomError(41002);
  if (corpsecret === '') throw new WecomError(41004);
  if (badSecrets.isTooMany(ip))
    throw new WecomError(45009, 'api freq out of limit: too many bad secrets from this ip');
  if (corpid !== wecom.corpId) throw new WecomError(40013);
  if (corpsecret !== wecom.corpSecret) {
    badSecrets.count(ip);
    throw new WecomError(40001);
  }
}

/** Asking again inside the lifetime gives the same token. */
function issueToken(deps: Deps): ReturnType<Tokens['issue']> {
  const { clock, serials, state } = deps;
  const known = validToken(deps);
  const token = known ?? {
    token: serials.next('token', 'tk-'),
    expiresAt: clock.now() + LIFETIME_S * 1000,
    state: 'valid' as const,
  };
  if (!known) state.tokens.set(token.token, token);

  return {
    access_token: token.token,
    expires_in: Math.max(1, Math.ceil((token.expiresAt - clock.now()) / 1000)),
  };
}

const validToken = ({ state, clock }: Deps) =>
  state.tokens.all().find((token) => token.state === 'valid' && token.expiresAt > clock.now());

function checkToken({ state, clock }: Deps, token: string | undefined): void {
  if (token === undefined || token === '') throw new WecomError(41001);
  const known = state.tokens.get(token);
  if (!known || known.state === 'invalidated') throw new WecomError(40014);
  if (known.state === 'expired' || known.expiresAt <= clock.now()) throw new WecomError(42001);
}
