// The simulated CRM: one order per idempotency key, completed or rejected a little later, and what it knows of a customer.

import { type Request, type Response, Router } from 'express';
import { type Deps, paced } from '../deps';
import { happen } from '../people/deeds';
import { changeCustomer, customerOf } from '../people/registry';
import { atomic, bearer, refusal } from '../request';
import type { Customer, PlacedOrder } from '../state';
import { systemFaults } from '../systemFaults';
import { isBody } from '../wecom/fields';

const PRODUCT = /^[\w.-]{1,64}$/;

export function crmRoutes(deps: Deps): Router {
  const router = Router();
  deps.timers.on('order', (orderKey) => conclude(deps, orderKey));
  router.use(bearer(deps.options.keys.crm), systemFaults('crm', deps));

  router.post(
    '/orders',
    atomic(deps, (request, response) => place(deps, request, response)),
  );

  router.get('/orders/:orderKey', (request, response) => {
    const order = deps.state.orders.get(request.params.orderKey);
    if (order) response.json(shown(order));
    else refusal(response, 404, 'NOT_FOUND', 'no order under this key')();
  });

  router.get('/customers/:contactId', (request, response) => {
    const customer = deps.state.customers.get(request.params.contactId);
    if (customer) response.json(card(customer));
    else refusal(response, 404, 'NOT_FOUND', 'no such customer')();
  });

  return router;
}

/** One order per key: a repeat is answered with the order of the first time. */
function place(deps: Deps, request: Request, response: Response): () => void {
  const orderKey = request.get('idempotency-key') ?? '';
  if (orderKey === '')
    return refusal(response, 400, 'KEY_MISSING', 'an Idempotency-Key header is needed');

  const known = deps.state.orders.get(orderKey);
  if (known) return () => response.status(200).json(shown(known));

  const { contactId, product, staffId } = isBody(request.body) ? request.body : {};
  if (typeof contactId !== 'string' || contactId === '')
    return refusal(response, 422, 'CONTACT_MISSING', 'contactId: a text');
  if (typeof product !== 'string' || !isSold(deps, product)) {
    const detail = `product: "${String(product)}" is not sold`;
    return refusal(response, 422, 'PRODUCT_UNKNOWN', detail);
  }

  const order: PlacedOrder = {
    orderKey,
    orderId: deps.serials.next('order', 'ord-'),
    contactId,
    product,
    ...(typeof staffId === 'string' ? { staffId } : {}),
    state: 'accepted',
  };
  deps.state.orders.set(orderKey, order);
  deps.timers.after(paced(deps, deps.world().orderDelaySeconds), 'order', orderKey);

  return () => response.status(201).json(shown(order));
}

/** What the CRM knows of a customer. */
const card = ({ contactId, plan, ...facts }: Customer) => ({
  contactId,
  ...(plan ? { plan } : {}),
  balanceFen: facts.balanceFen,
  billDueFen: facts.billDueFen,
  dataUsedPct: facts.dataUsedPct,
  monthlySpendFen: facts.monthlySpendFen,
  overDataMonths: facts.overDataMonths,
});

const shown = ({ orderId, orderKey, state, reason }: PlacedOrder) => ({
  orderId,
  orderKey,
  state,
  ...(reason === undefined ? {} : { reason }),
});

/** Until products are loaded any well-formed id is sold. */
const isSold = (deps: Deps, product: string): boolean =>
  PRODUCT.test(product) &&
  (deps.state.products.size === 0 || deps.state.products.get(product) !== undefined);

function conclude(deps: Deps, orderKey: string): void {
  const order = deps.state.orders.get(orderKey);
  if (!order) return;

  const rejected = deps.random('crm').chance(deps.world().orderRejectRate);
  const done: PlacedOrder = {
    ...order,
    state: rejected ? 'rejected' : 'completed',
    ...(rejected ? { reason: 'NOT_ELIGIBLE' } : {}),
  };
  deps.state.orders.set(orderKey, done);

  const { orderId, contactId, product, state, reason } = done;
  deps.outbox.add({
    to: 'crm',
    topic: 'order',
    lane: `crm/${contactId}`,
    body: {
      id: `result-${orderId}`,
      type: 'order',
      orderKey,
      orderId,
      contactId,
      product,
      state,
      ...(reason === undefined ? {} : { reason }),
      at: new Date(deps.clock.now()).toISOString(),
    },
  });

  if (!rejected) take(deps, contactId, product);
}

/** A plan replaces the customer's plan, anything else is added to what it has. */
function take(deps: Deps, contactId: string, productId: string): void {
  const product = deps.state.products.get(productId);
  if (product?.kind === 'plan') {
    const plan = { id: product.id, fee: product.fee };
    changeCustomer(deps, contactId, { plan, dataUsedPct: 0 });
    happen(deps, 'plan-changed', contactId, { plan });
  } else
    changeCustomer(deps, contactId, {
      products: [...customerOf(deps, contactId).products, productId],
    });
}
