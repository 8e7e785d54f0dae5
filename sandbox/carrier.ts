// How parcels travel to sopflow: encrypted XML for WeCom, signed JSON for SMS, CRM and IOP, and batches of events.

import { createHmac, randomBytes } from 'node:crypto';
import { type Clock, unixSeconds } from './clock';
import type { SandboxOptions, Sopflow } from './options';
import type { Carrier, Parcel, Posted } from './outbox';
import { envelope, eventXml } from './wecom/callback';

const TIMEOUT_MS = 5000;
/** Answers of sopflow that no repeat of the same events can change. */
const FINAL = new Set([400, 413, 422]);

interface Deps {
  readonly options: SandboxOptions;
  readonly clock: Clock;
  readonly sopflow: () => Sopflow | null;
}

export function createCarrier(deps: Deps): Carrier {
  return async (parcels) => {
    const sopflow = deps.sopflow();
    const [first] = parcels;
    if (!sopflow || !first) return 'again';
    if (first.to === 'event') return postEvents(sopflow, parcels);

    return first.to === 'wecom'
      ? postCallback(sopflow, first, deps)
      : postSigned(sopflow, first.to, first.body, deps);
  };
}

/**
 * WeCom repeats on connection failures and time-outs. What it does on a 5xx is not documented: repeated here, so that a sopflow
 * that says "not now" loses nothing. Any other answer ends it.
 */
async function postCallback(sopflow: Sopflow, parcel: Parcel, deps: Deps): Promise<Posted> {
  const { wecom } = deps.options;
  const sealed = envelope(wecom, eventXml(wecom.corpId, parcel.body), {
    timestamp: String(unixSeconds(deps.clock.now())),
    nonce: randomBytes(8).toString('hex'),
  });

  const status = await post(`${sopflow.url}/wecom/callback?${sealed.query}`, sealed.body, {
    'content-type': 'text/xml',
  });

  return verdict(status);
}

/** As the contract says: signed anew and repeated until a 2xx comes, so that a wrong secret on either side loses nothing. */
async function postSigned(
  sopflow: Sopflow,
  system: 'sms' | 'crm' | 'iop',
  said: Parcel['body'],
  deps: Deps,
): Promise<Posted> {
  const body = JSON.stringify(said);
  const path = `/${system}/callback`;
  const timestamp = String(unixSeconds(deps.clock.now()));
  const signature = createHmac('sha256', deps.options.webhookSecrets[system])
    .update(`${timestamp}.${path}.${body}`)
    .digest('hex');

  const status = await post(`${sopflow.url}${path}`, body, {
    'content-type': 'application/json',
    'x-timestamp': timestamp,
    'x-signature': signature,
  });

  return status !== null && status < 300 ? 'taken' : 'again';
}

async function postEvents(sopflow: Sopflow, parcels: readonly Parcel[]): Promise<Posted> {
  const body = JSON.stringify({ events: parcels.map((parcel) => parcel.body) });
  const status = await post(`${sopflow.url}/api/v1/events:batch`, body, {
    'content-type': 'application/json',
    authorization: `Bearer ${sopflow.key}`,
  });
  if (status !== null && status < 300) return 'taken';

  return status !== null && FINAL.has(status) ? 'refused' : 'again';
}

const verdict = (status: number | null): Posted =>
  status === null || status >= 500 ? 'again' : status < 300 ? 'taken' : 'refused';

/** The status, or null when no answer came. */
async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer(); // read to the end: an unread body holds its connection
    return response.status;
  } catch {
    return null; // refused, reset or timed out: to the sender all the same
  }
}
