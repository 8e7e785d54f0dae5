// The app's access token: fetched once for however many callers, renewed before it runs out, never fetched in a loop.

import type { Clock } from '../../ports/clock';
import { MINUTE_MS } from '../../rules/time/durations';
import { WecomError } from './errors';

export interface FetchedToken {
  readonly token: string;
  readonly expiresInMs: number;
}

export interface TokenSource {
  /** A token that should still be good. */
  current(): Promise<string>;
  /** A token other than this one, which WeCom just called invalid. Null: none is to be had, it was asked for a moment ago. */
  renew(stale: string): Promise<string | null>;
}

/** Renewed at this share of its life: calls in flight finish on a living token. */
const EARLY = 0.8;
/** A refused secret is not asked again sooner: 2,000 bad ones an hour get the whole IP address blocked for an hour. */
const REFUSED_MS = MINUTE_MS;
/** A new token that is refused as well is not replaced sooner, however many callers meet it one after the other. */
const RENEWED_MS = 10_000;

interface TokenState {
  readonly fetchToken: () => Promise<FetchedToken>;
  readonly clock: Clock;
  held: { readonly token: string; readonly renewAt: number } | null;
  /** When WeCom was last asked to replace a dead token. */
  renewedAt: number | null;
  refused: { readonly error: WecomError; readonly until: number } | null;
  /** The one fetch that all callers wait for. */
  flight: Promise<string> | null;
}

/** `fetchToken` asks WeCom; it throws a WecomError when the secret is refused. */
export function createTokenSource(
  fetchToken: () => Promise<FetchedToken>,
  clock: Clock,
): TokenSource {
  const state: TokenState = {
    fetchToken,
    clock,
    held: null,
    renewedAt: null,
    refused: null,
    flight: null,
  };
  return {
    async current() {
      const { held } = state;
      return held && clock.now() < held.renewAt ? held.token : fetchOnce(state);
    },
    async renew(stale) {
      // Of many callers that met the same dead token the first renews it; the others find a new one here.
      const { held, renewedAt, flight } = state;
      if (held && held.token !== stale) return held.token;
      if (flight) return flight;
      if (renewedAt !== null && clock.now() < renewedAt + RENEWED_MS) return null;

      state.renewedAt = clock.now();
      return fetchOnce(state);
    },
  };
}

function fetchOnce(state: TokenState): Promise<string> {
  const { refused, clock } = state;
  if (refused && clock.now() < refused.until) return Promise.reject(refused.error);

  state.flight ??= fetchNew(state).finally(() => {
    state.flight = null;
  });
  return state.flight;
}

async function fetchNew(state: TokenState): Promise<string> {
  const askedAt = state.clock.now();
  try {
    const { token, expiresInMs } = await state.fetchToken();
    state.held = { token, renewAt: askedAt + expiresInMs * EARLY };
    state.refused = null;
    return token;
  } catch (error) {
    if (error instanceof WecomError && error.kind === 'F')
      state.refused = { error, until: askedAt + REFUSED_MS };
    throw error;
  }
}
