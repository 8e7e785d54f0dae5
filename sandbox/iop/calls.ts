// The IOP's outbound calls: queued, dialled a little later, with an outcome by the world's weights.

import { type Request, type Response, Router } from 'express';
import type { LeadOutcome } from '../../rules/journey/lead';
import { type Deps, paced } from '../deps';
import { atomic, refusal } from '../request';
import type { Call } from '../state';
import { isBody } from '../wecom/fields';

const text = (value: unknown): value is string => typeof value === 'string' && value !== '';

export function callRoutes(deps: Deps): Router {
  const router = Router();
  deps.timers.on('call', (clientCallId) => dial(deps, clientCallId));

  router.post(
    '/calls',
    atomic(deps, (request, response) => queue(deps, request, response)),
  );

  router.get('/calls/:clientCallId', (request, response) => {
    const call = deps.state.calls.get(request.params.clientCallId);
    if (call) response.json(shown(call));
    else refusal(response, 404, 'NOT_FOUND', 'no call under this clientCallId')();
  });

  router.delete(
    '/calls/:clientCallId',
    atomic(deps, (request, response) => cancel(deps, request, response)),
  );

  return router;
}

/** One call per client id: a repeat is answered with the call of the first time. */
function queue(deps: Deps, request: Request, response: Response): () => void {
  const body = isBody(request.body) ? request.body : {};
  const { clientCallId, contactId, phone, staffId, script } = body;
  if (!text(clientCallId) || !text(contactId) || !text(phone) || !text(script)) {
    const detail = 'clientCallId, contactId, phone and script: texts that are not empty';
    return refusal(response, 400, 'CALL_INVALID', detail);
  }

  const known = deps.state.calls.get(clientCallId);
  if (known) return () => response.json({ callId: known.callId, state: known.state });

  const call: Call = {
    clientCallId,
    callId: deps.serials.next('call', 'call-'),
    contactId,
    phone,
    script,
    state: 'queued',
    ...(text(staffId) ? { staffId } : {}),
  };
  deps.state.calls.set(clientCallId, call);
  deps.timers.after(paced(deps, deps.world().callDelaySeconds), 'call', clientCallId);

  return () => response.json({ callId: call.callId, state: 'queued' });
}

function cancel(deps: Deps, request: Request, response: Response): () => void {
  const call = deps.state.calls.get(String(request.params.clientCallId));
  if (!call) return refusal(response, 404, 'NOT_FOUND', 'no call under this clientCallId');
  if (call.dialled) {
    const detail = 'the call was dialled and cannot be taken back';
    return refusal(response, 409, 'ALREADY_DIALLED', detail);
  }

  // Cancelled: done without having been dialled, and nothing to call back about.
  deps.state.calls.set(call.clientCallId, {
    ...call,
    state: 'done',
    outcome: 'not-reached',
    dialled: false,
    at: deps.clock.now(),
  });

  return () => response.status(204).end();
}

const shown = (call: Call) => ({
  callId: call.callId,
  state: call.state,
  ...(call.outcome === undefined ? {} : { outcome: call.outcome, dialled: call.dialled }),
  ...(call.at === undefined ? {} : { at: new Date(call.at).toISOString() }),
});

function dial(deps: Deps, clientCallId: string): void {
  const call = deps.state.calls.get(clientCallId);
  if (call?.state !== 'queued') return; // cancelled

  const outcome: LeadOutcome = deps
    .random('calls')
    .weighted(deps.world().callOutcomes as Record<LeadOutcome, number>); // the schema names exactly these
  const at = deps.clock.now();
  deps.state.calls.set(clientCallId, { ...call, state: 'done', outcome, dialled: true, at });
  const { contactId, phone, callId, staffId, script } = call;
  deps.book.receive({
    contactId,
    phone,
    channel: 'call',
    ref: callId,
    ...(staffId === undefined ? {} : { staffId }),
    text: script,
  });

  const body = {
    id: `result-${callId}`,
    type: 'call',
    clientCallId,
    callId,
    contactId,
    outcome,
    dialled: true,
    at: new Date(at).toISOString(),
  };

  deps.outbox.add({ to: 'iop', topic: 'call', lane: `iop/${contactId}`, body });
}
