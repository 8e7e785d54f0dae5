// The simulated SMS gateway: accepts once per client id, delivers a little later, and posts receipts.

import { type Request, type Response, Router } from 'express';
import type { Deps } from '../deps';
import { paced } from '../deps';
import { atomic, bearer, refusal } from '../request';
import type { Sms } from '../state';
import { systemFaults } from '../systemFaults';
import { bytes, isBody } from '../wecom/fields';
import { drawReceipts, type PartReceipt, partsOf } from './receipts';

const MOST_TEXT_BYTES = 1500;
const MOST_CLIENT_ID = 512;

export function smsRoutes(deps: Deps): Router {
  const router = Router();
  deps.timers.on('sms', (clientMessageId) => deliver(deps, clientMessageId));
  router.use(bearer(deps.options.keys.sms), systemFaults('sms', deps));

  router.post(
    '/messages',
    atomic(deps, (request, response) => accept(deps, request, response)),
  );

  router.get('/messages/:clientMessageId', (request, response) => {
    const sms = deps.state.sms.get(request.params.clientMessageId);
    if (sms) response.json(shown(sms));
    else refusal(response, 404, 'NOT_FOUND', 'no message under this clientMessageId')();
  });

  return router;
}

/** One message per client id: a repeat is answered with the message of the first time. */
function accept(deps: Deps, request: Request, response: Response): () => void {
  const { clientMessageId, phone, text } = isBody(request.body) ? request.body : {};
  if (!isClientId(clientMessageId)) {
    const detail = `clientMessageId: a text of 1 to ${MOST_CLIENT_ID} characters`;
    return refusal(response, 400, 'CLIENT_ID_INVALID', detail);
  }

  const known = deps.state.sms.get(clientMessageId);
  if (known) return () => response.json(shown(known));

  if (typeof phone !== 'string' || !/^1\d{10}$/.test(phone))
    return refusal(response, 400, 'PHONE_INVALID', 'phone: 11 digits that begin with 1');
  if (typeof text !== 'string' || text === '')
    return refusal(response, 400, 'CONTENT_REFUSED', 'text: must not be empty');
  if (bytes(text) > MOST_TEXT_BYTES) {
    const detail = `text: at most ${MOST_TEXT_BYTES} bytes, ${bytes(text)} given`;
    return refusal(response, 400, 'TEXT_TOO_LONG', detail);
  }

  if (!isSigned(text))
    return refusal(response, 400, 'SIGNATURE_MISSING', 'text: must begin with 【signature】');

  if (deps.state.customers.by('phone', phone)[0]?.smsRefused)
    return refusal(response, 400, 'BLACKLISTED', 'MBBLACK: the customer refused texts');

  const sms = enqueue(deps, { clientMessageId, phone, text });
  return () => response.json(shown(sms));
}

const isClientId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= MOST_CLIENT_ID;

/** Carriers drop a text that does not say first who sends it, and take no other bracket for that. */
const isSigned = (text: string): boolean => /^【[\p{L}\p{N}]{2,20}】(?!【)/u.test(text);

function enqueue(deps: Deps, asked: Pick<Sms, 'clientMessageId' | 'phone' | 'text'>): Sms {
  const sms: Sms = {
    ...asked,
    messageId: deps.serials.next('sms', 'sms-'),
    acceptedAt: deps.clock.now(),
    status: 'accepted',
  };
  deps.state.sms.set(asked.clientMessageId, sms);
  deps.timers.after(paced(deps, deps.world().smsDelaySeconds), 'sms', asked.clientMessageId);
  return sms;
}

function shown({ messageId, status, acceptedAt, text }: Sms) {
  const parts = partsOf(text);
  return {
    messageId,
    status,
    acceptedAt: new Date(acceptedAt).toISOString(),
    ...(parts > 1 && { parts }),
  };
}

/** What arrives, be it in part, is in the book once; what failed altogether has receipts and no entry. */
function deliver(deps: Deps, clientMessageId: string): void {
  const sms = deps.state.sms.get(clientMessageId);
  if (!sms) return;

  const { smsFailRate: failRate, smsCorrectionRate: correctionRate } = deps.world();
  const parts = partsOf(sms.text);
  const receipts = drawReceipts(parts, { failRate, correctionRate }, deps.random('sms'));
  const isDelivered = receipts.some(({ status }) => status === 'delivered');
  deps.state.sms.set(clientMessageId, { ...sms, status: isDelivered ? 'delivered' : 'failed' });

  if (isDelivered) receive(deps, sms);
  for (const receipt of receipts) report(deps, sms, receipt, parts);
}

function receive(deps: Deps, { phone, messageId, text }: Sms): void {
  const [customer] = deps.state.customers.by('phone', phone);
  // A number nobody told the sandbox of stands for its owner.
  const contactId = customer?.contactId ?? phone;
  deps.book.receive({ contactId, phone, channel: 'sms', ref: messageId, text });
}

/** The receipts of a long text are posted side by side, so that they may come in any order. */
function report(deps: Deps, sms: Sms, { part, status }: PartReceipt, parts: number): void {
  const { messageId, clientMessageId, phone } = sms;
  const isLong = parts > 1;
  const receipt = {
    id: `receipt-${messageId}${isLong ? `-${part}` : ''}-${status}`,
    type: 'receipt',
    clientMessageId,
    messageId,
    ...(isLong && { part }),
    status,
    ...(status === 'failed' && { code: 'UNDELIV' }),
    at: new Date(deps.clock.now()).toISOString(),
  };
  const lane = isLong ? `sms/${phone}/${part}` : `sms/${phone}`;

  deps.outbox.add({ to: 'sms', topic: 'receipt', lane, body: receipt });
}
