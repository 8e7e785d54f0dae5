// The simulated SMS gateway: accepts once per client id, delivers a little later, and posts receipts.

import { Router } from 'express';
import type { Deps } from '../deps';
import { paced } from '../deps';
import { atomic, bearer, refusal } from '../request';
import type { Sms } from '../state';
import { systemFaults } from '../systemFaults';
import { bytes, isBody } from '../wecom/fields';

const MOST_TEXT_BYTES = 1500;
const MOST_CLIENT_ID = 512;

export function smsRoutes(deps: Deps): Router {
  const router = Router();
  deps.timers.on('sms', (clientMessageId) => deliver(deps, clientMessageId));
  router.use(bearer(deps.options.keys.sms), systemFaults('sms', deps));

  router.post(
    '/messages',
    atomic(deps, (request, response) => {
      const body = isBody(request.body) ? request.body : {};
      const { clientMessageId, phone, text } = body;
      if (
        typeof clientMessageId !== 'string' ||
        clientMessageId === '' ||
        clientMessageId.length > MOST_CLIENT_ID
      )
        return refusal(
          response,
          400,
          'CLIENT_ID_INVALID',
          `clientMessageId: a text of 1 to ${MOST_CLIENT_ID} characters`,
        );
      const known = deps.state.sms.get(clientMessageId);
      if (known) return () => response.json(shown(known));
      if (typeof phone !== 'string' || !/^1\d{10}$/.test(phone))
        return refusal(response, 400, 'PHONE_INVALID', 'phone: 11 digits that begin with 1');
      if (typeof text !== 'string' || text === '')
        return refusal(response, 400, 'CONTENT_REFUSED', 'text: must not be empty');
      if (bytes(text) > MOST_TEXT_BYTES)
        return refusal(
          response,
          400,
          'TEXT_TOO_LONG',
          `text: at most ${MOST_TEXT_BYTES} bytes, ${bytes(text)} given`,
        );
      if (deps.state.customers.by('phone', phone)[0]?.smsRefused)
        return refusal(response, 400, 'BLACKLISTED', 'MBBLACK: the customer refused texts');
      const sms: Sms = {
        clientMessageId,
        messageId: deps.serials.next('sms', 'sms-'),
        phone,
        text,
        acceptedAt: deps.clock.now(),
        status: 'accepted',
      };
      deps.state.sms.set(clientMessageId, sms);
      deps.timers.after(paced(deps, deps.world().smsDelaySeconds), 'sms', clientMessageId);
      return () => response.json(shown(sms));
    }),
  );

  router.get('/messages/:clientMessageId', (request, response) => {
    const sms = deps.state.sms.get(request.params.clientMessageId);
    if (sms) response.json(shown(sms));
    else refusal(response, 404, 'NOT_FOUND', 'no message under this clientMessageId')();
  });
  return router;
}

const shown = (sms: Sms) => ({
  messageId: sms.messageId,
  status: sms.status,
  acceptedAt: new Date(sms.acceptedAt).toISOString(),
});

/** Only what arrives is in the book; a failed one has a receipt and no entry. */
function deliver(deps: Deps, clientMessageId: string): void {
  const sms = deps.state.sms.get(clientMessageId);
  if (!sms) return;
  const failed = deps.random('sms').chance(deps.world().smsFailRate);
  const status = failed ? 'failed' : 'delivered';
  deps.state.sms.set(clientMessageId, { ...sms, status });
  if (!failed) {
    const [customer] = deps.state.customers.by('phone', sms.phone);
    // A number nobody told the sandbox of stands for its owner.
    deps.book.receive({
      contactId: customer?.contactId ?? sms.phone,
      phone: sms.phone,
      channel: 'sms',
      ref: sms.messageId,
      text: sms.text,
    });
  }
  const at = new Date(deps.clock.now()).toISOString();
  const receipt = {
    id: `receipt-${sms.messageId}`,
    type: 'receipt',
    clientMessageId,
    messageId: sms.messageId,
    status,
    ...(failed ? { code: 'UNDELIV' } : {}),
    at,
  };
  deps.outbox.add({ to: 'sms', topic: 'receipt', lane: `sms/${sms.phone}`, body: receipt });
}
