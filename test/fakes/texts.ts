// Texts that are published before a test begins.

import type { createFakeApi } from './api';

/** `t-1`, a marketing text on WeCom that needs nothing of the customer. */
export async function publishText({
  stores,
}: Pick<Awaited<ReturnType<typeof createFakeApi>>, 'stores'>): Promise<void> {
  const at = '2026-01-01T00:00:00.000Z';
  const body = { class: 'marketing', channel: 'wecom', text: '月初优惠已上线' } as const;
  await stores.templates.draft('t-1', body, 'ann', at);
  await stores.templates.publish('t-1', 1, 'ann', at);
}
