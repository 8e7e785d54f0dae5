// How to reach servers that are not ours: the namespace, TLS and key of Temporal, and addresses fit to be shown.
import type { Target } from './temporal/ready';

/** What the environment says of a given Temporal server, beside its address. */
export function accessOf(env: NodeJS.ProcessEnv): Omit<Target, 'address'> {
  return {
    namespace: env.TEMPORAL_NAMESPACE || 'default',
    tls: ['1', 'true', 'yes', 'on'].includes((env.TEMPORAL_TLS ?? '').toLowerCase()),
    ...(env.TEMPORAL_API_KEY ? { apiKey: env.TEMPORAL_API_KEY } : {}),
    ours: false,
  };
}

/** An address without its user and password. */
export function withoutPassword(uri: string): string {
  return uri.replace(/\/\/[^@/]*@/, '//…@');
}
