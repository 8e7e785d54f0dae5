// Where a walk through contacts with overdue touches goes on: after the instant and the contact that came last.

export interface OverdueCursor {
  /** ISO. */
  readonly settleBy: string;
  readonly contactId: string;
}

export const overdueCursor = (settleBy: string, contactId: string): string =>
  `${settleBy} ${contactId}`;

export function parseOverdueCursor(cursor: string): OverdueCursor {
  const space = cursor.indexOf(' ');
  return { settleBy: cursor.slice(0, space), contactId: cursor.slice(space + 1) };
}
