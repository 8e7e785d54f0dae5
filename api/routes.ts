// Every route with who may use it: the one list to read before asking what the API can do.

import type { Role } from '../ports/auth';
import { JOURNEY_KINDS, type JourneyKind, journeyKind } from '../rules/journey/kinds';
import type { Endpoint, Route } from './exchange';
import * as archives from './routes/archives';
import * as backtests from './routes/backtests';
import * as blocks from './routes/blocks';
import * as calendarChecks from './routes/calendarChecks';
import * as calendarLife from './routes/calendarLife';
import * as calendars from './routes/calendars';
import * as callbacks from './routes/callbacks';
import * as catalogueItems from './routes/catalogueItems';
import * as claims from './routes/claims';
import * as consents from './routes/consents';
import * as contacts from './routes/contacts';
import { decisions } from './routes/decisions';
import * as doubles from './routes/doubles';
import { events } from './routes/events';
import * as eventTypes from './routes/eventTypes';
import * as forgetting from './routes/forgetting';
import * as gate from './routes/gate';
import * as health from './routes/health';
import { holdout } from './routes/holdout';
import { importHolidays } from './routes/holidayImport';
import * as imports from './routes/imports';
import * as inbox from './routes/inbox';
import * as keys from './routes/keys';
import * as leads from './routes/leads';
import { ledgerCheck } from './routes/ledgerCheck';
import type { LibraryEndpoints } from './routes/library';
import * as orders from './routes/orders';
import { landing, referencePages } from './routes/pages';
import { exportPerson } from './routes/person';
import * as policyDiff from './routes/policyDiff';
import * as previews from './routes/previews';
import {
  blackouts,
  catalogues,
  guardrails,
  holidays,
  policies,
  quotas,
  sequences,
  templates,
} from './routes/published';
import * as quotaUsage from './routes/quotaUsage';
import * as reconciles from './routes/reconciles';
import * as replies from './routes/replies';
import * as runs from './routes/runs';
import * as seals from './routes/seals';
import * as sequenceChecks from './routes/sequenceChecks';
import * as entries from './routes/sequences';
import * as starts from './routes/starts';
import * as summary from './routes/summary';
import * as tasks from './routes/tasks';
import * as texts from './routes/texts';
import * as replays from './routes/triggerReplays';
import * as triggers from './routes/triggers';
import * as waves from './routes/waves';

const ADMIN: readonly Role[] = ['admin'];
const OPS: readonly Role[] = ['ops', 'admin'];
const DESIGN: readonly Role[] = ['designer', 'admin'];
const CITY: readonly Role[] = ['city', 'ops', 'admin'];
const TRIGGER: readonly Role[] = ['city', 'designer', 'admin'];
const READ: readonly Role[] = ['designer', 'city', 'ops', 'viewer', 'admin'];
/** Other systems bring data in; people may do the same by hand. */
const BRING: readonly Role[] = ['machine', 'ops', 'admin'];
const ASK: readonly Role[] = [...READ, 'machine'];

const get = row('get');
const post = row('post');
const put = row('put');
const patch = row('patch');
const remove = row('delete');
const { openapi, docs } = referencePages(() => ROUTES);

export const ROUTES: readonly Route[] = [
  put('/api/v1/contacts:batch', BRING, contacts.importBatch),
  post('/api/v1/imports', BRING, imports.upload),
  get('/api/v1/imports', BRING, imports.listImports),
  get('/api/v1/imports/{id}', BRING, imports.showImport),
  post('/api/v1/imports/{id}:cancel', BRING, imports.cancelImport),
  get('/api/v1/imports/{id}/refused', BRING, imports.refusedRows),
  get('/api/v1/imports/{id}/repeated', BRING, imports.repeatedRows),
  get('/api/v1/contacts', ASK, contacts.listContacts),
  get('/api/v1/contacts/{contactId}:export', ADMIN, exportPerson),
  get('/api/v1/contacts/{contactId}', ASK, contacts.card),
  patch('/api/v1/contacts/{contactId}', [...CITY, 'machine'], contacts.change),
  remove('/api/v1/contacts/{contactId}', ADMIN, forgetting.forget),
  get('/api/v1/forgotten/{subject}', ADMIN, forgetting.showForgotten),
  get('/api/v1/contacts/{contactId}/consents', ASK, consents.getConsents),
  put('/api/v1/contacts/{contactId}/consents', [...CITY, 'machine'], consents.putConsents),
  post('/api/v1/contacts/{contactId}:opt-out', [...CITY, 'machine'], consents.staffOptOut),
  put('/api/v1/contacts/{contactId}/dnd', [...CITY, 'machine'], consents.putDnd),
  get('/api/v1/contacts/{contactId}/decisions', ASK, decisions),

  get('/api/v1/contacts:doubles', CITY, doubles.listDoubles),
  post('/api/v1/contacts/{contactId}:merge', OPS, doubles.merge),
  post('/api/v1/contacts/{contactId}:split', OPS, doubles.split),
  post('/api/v1/contacts/{contactId}:lift-block', OPS, blocks.liftBlock),
  get('/api/v1/contacts/{contactId}/acts', ASK, blocks.listActs),

  get('/api/v1/claims', CITY, claims.listClaims),
  post('/api/v1/claims/{id}:grant', CITY, claims.grant),
  post('/api/v1/claims/{id}:refuse', CITY, claims.refuseClaim),

  post('/api/v1/events:batch', BRING, events),
  get('/api/v1/event-types', ASK, eventTypes.listEventTypes),
  put('/api/v1/event-types/{type}', ADMIN, eventTypes.putEventType),

  get('/api/v1/journeys', ASK, starts.listKinds),
  ...JOURNEY_KINDS.filter((kind) => !journeyKind(kind).hasDoor).map((kind) =>
    post(`/api/v1/journeys/${kind}/runs`, starters(kind), starts.starting(kind)),
  ),
  get('/api/v1/journeys/{kind}/runs', ASK, runs.listRuns),
  get('/api/v1/runs', ASK, runs.showRun),
  get('/api/v1/runs/{id}', ASK, runs.showRun),
  post('/api/v1/runs:stop', OPS, runs.stop),
  post('/api/v1/runs:pause', OPS, runs.pause),
  post('/api/v1/runs:resume', OPS, runs.resumeRun),
  post('/api/v1/runs/{id}:stop', OPS, runs.stop),
  post('/api/v1/runs/{id}:pause', OPS, runs.pause),
  post('/api/v1/runs/{id}:resume', OPS, runs.resumeRun),

  ...versioned('/api/v1/policies', OPS, policies),
  post('/api/v1/policies:validate', [...DESIGN, 'ops'], policyDiff.validate),
  get('/api/v1/policies/{id}/versions/{version}/diff', ASK, policyDiff.diff),
  post('/api/v1/policies:backtest', OPS, backtests.startBacktest),
  get('/api/v1/backtests', OPS, backtests.listBacktests),
  get('/api/v1/backtests/{id}', OPS, backtests.showBacktest),
  post('/api/v1/backtests/{id}:cancel', OPS, backtests.cancel),
  ...versioned('/api/v1/templates', DESIGN, templates),
  get('/api/v1/templates/{id}/versions/{version}/audience', READ, texts.audience),
  post('/api/v1/templates/{id}/versions/{version}:withdraw', DESIGN, {
    ...texts.withdraw,
    everyCity: true,
  }),
  ...versioned('/api/v1/catalogues', DESIGN, catalogues),
  post('/api/v1/catalogues:validate', DESIGN, catalogueItems.validateCatalogue),
  get('/api/v1/catalogues/{id}/products', ASK, catalogueItems.listProducts),
  get('/api/v1/catalogues/{id}/promotions', ASK, catalogueItems.listPromotions),
  get('/api/v1/catalogues/{id}/scenes', ASK, catalogueItems.listScenes),
  get('/api/v1/catalogues/{id}/materials', ASK, catalogueItems.listMaterials),
  ...versioned('/api/v1/holidays', DESIGN, holidays),
  post('/api/v1/holidays/{id}:import', DESIGN, { ...importHolidays, everyCity: true }),
  ...versioned('/api/v1/blackouts', DESIGN, blackouts),
  ...versioned('/api/v1/sequences', DESIGN, sequences),
  post('/api/v1/sequences/{id}:start', [...CITY, 'designer', 'machine'], entries.startSequence),
  get('/api/v1/sequences/{id}/runs', ASK, entries.listSequenceRuns),
  get('/api/v1/sequences/{id}/runs/{entry}', ASK, entries.showSequenceRun),
  get('/api/v1/sequences/{id}/numbers', ASK, entries.numbersOfSequence),
  post('/api/v1/sequences:validate', DESIGN, sequenceChecks.validateSequence),
  get('/api/v1/sequences/{id}/versions/{version}/diff', ASK, sequenceChecks.diffSequence),
  ...versioned('/api/v1/quotas', OPS, quotas),

  ...versioned('/api/v1/guardrails', ADMIN, guardrails),
  post('/api/v1/triggers', TRIGGER, triggers.draftTrigger),
  post('/api/v1/triggers:validate', TRIGGER, triggers.validateTrigger),
  get('/api/v1/triggers', ASK, triggers.listTriggers),
  get('/api/v1/triggers/{id}', ASK, triggers.showTrigger),
  post('/api/v1/triggers/{id}:disable', [...TRIGGER, 'ops'], triggers.disable),
  post('/api/v1/triggers/{id}:explain', [...TRIGGER, 'ops'], triggers.explain),
  get('/api/v1/triggers/{id}/versions', ASK, triggers.listTriggerVersions),
  get('/api/v1/triggers/{id}/versions/{version}', ASK, triggers.showTriggerVersion),
  post('/api/v1/triggers/{id}/versions/{version}:backtest', TRIGGER, replays.backtestTrigger),
  post('/api/v1/triggers/{id}/versions/{version}:enable', TRIGGER, replays.enableTriggerVersion),
  get('/api/v1/trigger-backtests', READ, replays.listTriggerBacktests),
  get('/api/v1/trigger-backtests/{id}', READ, replays.showTriggerBacktest),
  post('/api/v1/trigger-backtests/{id}:cancel', TRIGGER, replays.cancelTriggerBacktest),
  get('/api/v1/opportunities', ASK, triggers.listOpportunities),

  post('/api/v1/calendars', DESIGN, calendars.draftCalendar),
  get('/api/v1/calendars', ASK, calendars.listCalendars),
  get('/api/v1/calendars/{id}', ASK, calendars.showCalendar),
  post('/api/v1/calendars/{id}:copy', DESIGN, calendars.copyCalendar),
  post('/api/v1/calendars/{id}:pause', [...DESIGN, 'ops'], calendarLife.pauseCalendar),
  post('/api/v1/calendars/{id}:resume', [...DESIGN, 'ops'], calendarLife.resumeCalendar),
  post('/api/v1/calendars/{id}:end', [...DESIGN, 'ops'], calendarLife.endCalendar),
  get('/api/v1/calendars/{id}/versions', ASK, calendars.listCalendarVersions),
  get('/api/v1/calendars/{id}/versions/{version}', ASK, calendars.showCalendarVersion),
  post(
    '/api/v1/calendars/{id}/versions/{version}:preview',
    [...DESIGN, 'ops'],
    previews.startPreview,
  ),
  get('/api/v1/previews', READ, previews.listPreviews),
  get('/api/v1/previews/{id}', READ, previews.showPreview),
  get('/api/v1/previews/{id}/touches', READ, previews.previewTouches),
  post('/api/v1/previews/{id}:cancel', [...DESIGN, 'ops'], previews.cancelPreview),
  post(
    '/api/v1/calendars/{id}/versions/{version}:validate',
    [...DESIGN, 'ops'],
    calendarChecks.validateCalendar,
  ),
  post('/api/v1/calendars/{id}/versions/{version}:approve', DESIGN, calendarLife.approveVersion),
  get('/api/v1/calendars/{id}/versions/{version}/diff', ASK, calendarChecks.diffCalendar),
  post(
    '/api/v1/calendars/{id}/versions/{version}:compare',
    [...DESIGN, 'ops'],
    calendarChecks.compareCalendar,
  ),
  get('/api/v1/calendar-counts', [...DESIGN, 'ops'], calendarChecks.listCounts),
  get('/api/v1/calendar-counts/{id}', [...DESIGN, 'ops'], calendarChecks.showCount),
  post('/api/v1/calendar-counts/{id}:cancel', [...DESIGN, 'ops'], calendarChecks.cancelCount),

  get('/api/v1/waves', ASK, waves.listWaves),
  get('/api/v1/waves/{id}', ASK, waves.showWave),
  get('/api/v1/waves/{id}/contacts', ASK, waves.listContactsOfWave),
  ...(['', '/{id}'] as const).flatMap((place) => [
    post(`/api/v1/waves${place}:pause`, OPS, waves.pauseWave),
    post(`/api/v1/waves${place}:resume`, OPS, waves.resumeWave),
    post(`/api/v1/waves${place}:cancel`, OPS, waves.cancelWave),
    post(`/api/v1/waves${place}:rerun`, OPS, waves.rerunWave),
  ]),

  get('/api/v1/tasks', ASK, tasks.listTasks),
  get('/api/v1/tasks/{id}', ASK, tasks.showTask),
  ...(['', '/{id}'] as const).flatMap((place) => [
    post(`/api/v1/tasks${place}:done`, [...CITY, 'machine'], tasks.doneTask),
    post(`/api/v1/tasks${place}:postpone`, [...CITY, 'machine'], tasks.postponeTask),
    post(`/api/v1/tasks${place}:not-reached`, [...CITY, 'machine'], tasks.notReachedTask),
  ]),

  get('/api/v1/quotas:usage', READ, quotaUsage.usage),
  post('/api/v1/gate:decide', ASK, gate.ask),

  post('/api/v1/leads:batch', [...BRING, 'city'], leads.takeBatch),
  get('/api/v1/leads', ASK, leads.listLeads),
  post('/api/v1/leads/{id}:claim', CITY, leads.claim),
  post('/api/v1/leads/{id}:complete', CITY, leads.complete),
  post('/api/v1/leads/{id}:reject', CITY, leads.reject),
  get('/api/v1/orders', ASK, orders.listOrders),

  get('/api/v1/replies', CITY, replies.listReplies),
  post('/api/v1/replies/{id}:resolve', CITY, replies.resolveReply),

  get('/api/v1/inbox', OPS, inbox.listItems),
  get('/api/v1/inbox/{key}', OPS, inbox.showItem),
  post('/api/v1/inbox/{key}:replay', OPS, inbox.replayItem),
  post('/api/v1/inbox/{key}:discard', OPS, inbox.discard),

  get('/api/v1/holdout', READ, holdout),
  get('/api/v1/summary', READ, summary.summary),
  get('/api/v1/ledger:export', OPS, summary.exportLedger),
  get('/api/v1/ledger:check', OPS, ledgerCheck),
  post('/api/v1/ledger:seal', OPS, seals.sealNow),
  post('/api/v1/ledger:archive', ADMIN, archives.archiveLedger),
  get('/api/v1/archives', ADMIN, archives.listArchives),
  get('/api/v1/archives/{until}:export', ADMIN, archives.archiveFile),
  post('/api/v1/archives/{until}:remove', ADMIN, archives.removeRows),
  get('/api/v1/archives/{until}', ADMIN, archives.showArchive),
  get('/api/v1/seals:export', OPS, seals.exportSeals),
  get('/api/v1/seals/{hour}', OPS, seals.sealOfHour),
  post('/api/v1/reconciles', OPS, reconciles.startReconcile),
  get('/api/v1/reconciles', READ, reconciles.list),
  get('/api/v1/reconciles/{id}', READ, reconciles.show),

  post('/api/v1/keys', ADMIN, keys.create),
  get('/api/v1/keys', ADMIN, keys.listKeys),
  post('/api/v1/keys/{id}:revoke', ADMIN, keys.revoke),

  get('/wecom/callback', 'public', callbacks.wecomVerify),
  post('/wecom/callback', 'public', callbacks.wecomEvent),
  post('/sms/callback', 'public', callbacks.sms),
  post('/crm/callback', 'public', callbacks.crm),
  post('/iop/callback', 'public', callbacks.iop),

  get('/', 'public', landing),
  get('/docs', 'public', docs),
  get('/openapi.json', 'public', openapi),
  get('/healthz', 'public', health.alive),
  get('/readyz', 'public', health.ready),
  get('/metrics', 'public', health.metrics),
];

function starters(kind: JourneyKind): readonly Role[] {
  return journeyKind(kind).startedBy === 'cities' ? [...BRING, 'city'] : BRING;
}

function row(method: Route['method']) {
  return (path: string, permit: Route['permit'], endpoint: Endpoint): Route => ({
    method,
    path,
    permit,
    endpoint,
  });
}

/** The routes of versioned data. It belongs to no city, so only keys for all cities may write it. */
function versioned(
  path: string,
  writers: readonly Role[],
  nouns: LibraryEndpoints,
): readonly Route[] {
  return [
    post(path, writers, { ...nouns.draft, everyCity: true }),
    get(path, ASK, nouns.list),
    get(`${path}/{id}`, ASK, nouns.current),
    get(`${path}/{id}/publications`, ASK, nouns.publications),
    get(`${path}/{id}/versions`, ASK, nouns.versions),
    get(`${path}/{id}/versions/{version}`, ASK, nouns.version),
    post(`${path}/{id}/versions/{version}:publish`, writers, { ...nouns.publish, everyCity: true }),
  ];
}
