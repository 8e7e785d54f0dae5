// How people react: staff to tasks, customers to what they received.

import type { BookEntry } from '../book';
import { type Deps, paced } from '../deps';
import { confirm, openTasks } from '../people/confirming';
import {
  accept,
  chat,
  linkedCampaign,
  offeredProduct,
  open,
  refuse,
  replySms,
} from '../people/deeds';
import { friendsOf } from '../people/friendship';
import { taskId } from '../state';

export interface Reactions {
  /** Members make up their minds about tasks they have not looked at yet: confirm after a while, or never. */
  decideTasks(): void;
}

export function createReactions(deps: Deps): Reactions {
  handleReactions(deps);
  deps.book.watch((entry) => planReaction(deps, entry));

  return { decideTasks: () => decideTasks(deps) };
}

/** What people do when the moment they chose has come. */
function handleReactions(deps: Deps): void {
  const { timers, state } = deps;
  timers.on('confirm', (task) => {
    const [msgid = '', staffId = ''] = task.split('|');
    const staff = state.staff.get(staffId);
    const isOpen = openTasks(deps, staffId).some((open) => open.msgid === msgid);
    if (staff?.state === 'active' && !staff.ignores && isOpen) confirm(deps, staffId, msgid);
  });

  timers.on('react-accept', (contactId) => {
    if (offeredProduct(deps, contactId) !== undefined) accept(deps, contactId, {});
  });
  timers.on('react-open', (contactId) => {
    if (linkedCampaign(deps, contactId) !== undefined) open(deps, contactId, {});
  });
  timers.on('react-refuse', (contactId) => refuse(deps, contactId, {}));
  timers.on('react-chat', (contactId) => {
    if (friendsOf(deps, contactId).length > 0) chat(deps, contactId);
  });
  timers.on('react-opt-out', (contactId) => {
    if (state.customers.get(contactId)?.phone !== undefined) replySms(deps, contactId, 'R');
  });
}

function planReaction(deps: Deps, entry: BookEntry): void {
  if (!deps.world().running) return;

  const kind = reactionTo(deps, entry);
  if (kind === null) return;

  const meanMs = paced(deps, deps.world().reactionDelaySeconds);
  deps.timers.after(deps.random('reactions').exponential(meanMs), kind, entry.contactId);
}

function decideTasks(deps: Deps): void {
  const { timers, state } = deps;
  const { confirmRate, confirmDelayMinutes } = deps.world();
  const random = deps.random('confirming');

  for (const task of state.tasks.by('undecided', 'yes')) {
    const id = taskId(task.msgid, task.staffId);
    state.tasks.set(id, { ...task, decided: true });
    const delayMs = random.exponential(paced(deps, confirmDelayMinutes * 60));
    if (random.chance(confirmRate)) timers.after(delayMs, 'confirm', id);
  }
}

/** One draw decides among accepting, refusing, speaking and opting out; a call's outcome is its own reaction. */
function reactionTo(deps: Deps, entry: BookEntry): string | null {
  if (entry.channel === 'call') return null;

  const { acceptRate, openRate, refuseRate, chatRate, optOutRate } = deps.world();
  const isOffer = offeredProduct(deps, entry.contactId) !== undefined;
  const hasLink = linkedCampaign(deps, entry.contactId) !== undefined;
  const chances: [string, number][] = [
    ['react-accept', isOffer ? acceptRate : 0],
    ['react-open', hasLink ? openRate : 0],
    ['react-refuse', isOffer ? refuseRate : 0],
    ['react-chat', entry.channel === 'wecom' ? chatRate : 0],
    ['react-opt-out', entry.channel === 'sms' ? optOutRate : 0],
  ];
  let left = deps.random('reactions').next();

  for (const [kind, chance] of chances) {
    left -= chance;
    if (left < 0) return kind;
  }

  return null;
}
