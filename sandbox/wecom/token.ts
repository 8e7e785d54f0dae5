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
  const { clock, state, serials, options } = deps;
  const errors = new Map<string, number[]>();
  const valid = () =>
    state.tokens.all().find((token) => token.state === 'valid' && token.expiresAt > clock.now());

  const countError = (ip: string): void => {
    const recent = (errors.get(ip) ?? []).filter((at) => at > clock.now() - HOUR_MS);
    errors.set(ip, [...recent, clock.now()]);
  };
  const isShutOut = (ip: string): boolean => {
    const recent = (errors.get(ip) ?? []).filter((at) => at > clock.now() - HOUR_MS);
    return recent.length >= (options.badSecretLimit ?? BAD_SECRETS_AN_HOUR);
  };

  return {
    issue({ corpid, corpsecret, ip }) {
      if (corpid === '') throw new WecomError(41002);
      if (corpsecret === '') throw new WecomError(41004);
      if (isShutOut(ip))
        throw new WecomError(45009, 'api freq out of limit: too many bad secrets from this ip');
      if (corpid !== options.wecom.corpId) throw new WecomError(40013);
      if (corpsecret !== options.wecom.corpSecret) {
        countError(ip);
        throw new WecomError(40001);
      }
      // Asking again inside the lifetime gives the same token.
      const known = valid();
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
    },
    check(token) {
      if (token === undefined || token === '') throw new WecomError(41001);
      const known = state.tokens.get(token);
      if (!known || known.state === 'invalidated') throw new WecomError(40014);
      if (known.state === 'expired' || known.expiresAt <= clock.now()) throw new WecomError(42001);
    },
    callBack(as) {
      const token = valid();
      if (token) state.tokens.set(token.token, { ...token, state: as });
    },
  };
}
