// What an endpoint of the simulated WeCom is.

import type { Deps } from '../deps';
import type { Body } from './fields';

export interface Asked {
  readonly query: Readonly<Record<string, string>>;
  readonly body: Body;
}

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** Under `/cgi-bin/`. */
  readonly path: string;
  /** What is answered besides errcode 0. @throws WecomError */
  readonly answer: (deps: Deps, asked: Asked) => Readonly<Record<string, unknown>>;
}
