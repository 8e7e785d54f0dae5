// A calendar of the demo is put in force as people would do it: one drafts it, and another approves it.

import { type Ask, caller } from './ask';

export interface DemoCalendar {
  readonly id: string;
  /** Without id and version. */
  readonly body: object;
}

interface Means {
  readonly apiUrl: string;
  readonly log: (line: string) => void;
}

const DESIGNER = '演示设计员 demo designer';

/** Leaves alone what is approved already, and takes up again what a start before this one has left as a draft. */
export async function putInForce(admin: Ask, calendar: DemoCalendar, means: Means): Promise<void> {
  const path = `/api/v1/calendars/${calendar.id}`;
  const known = (await admin('GET', path)) as { state: string } | null; // the API's own contract
  if (known !== null && known.state !== 'draft') return;

  if (known === null) await draft(admin, calendar, means.apiUrl);
  try {
    await admin('POST', `${path}/versions/1:approve`, { reason: '演示 · demo' });
    means.log(`营销日历 ${calendar.id} 已生效 · the calendar ${calendar.id} is in force`);
  } catch (error) {
    // What is published may be of an earlier release, or somebody's own.
    means.log(`营销日历未审批 · the calendar is not approved: ${(error as Error).message}`);
  }
}

/** With a key of somebody else than who approves; it works no longer than that. */
async function draft(admin: Ask, { id, body }: DemoCalendar, apiUrl: string): Promise<void> {
  const made = await admin('POST', '/api/v1/keys', { name: DESIGNER, role: 'designer' });
  const { key, secret } = made as { key: { keyId: string }; secret: string }; // the API's own contract

  const designer = caller(apiUrl, { authorization: `Bearer ${secret}` });
  await designer('POST', '/api/v1/calendars', { id, body });
  await admin('POST', `/api/v1/keys/${key.keyId}:revoke`);
}
