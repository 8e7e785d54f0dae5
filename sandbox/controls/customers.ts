// Controls of customers: what a person or a test makes them do.

import { Router } from 'express';
import type { z } from 'zod';
import type { Deps } from '../deps';
import { accept, bill, chat, open, pay, refuse, replySms, useData } from '../people/deeds';
import { addFriend, deleteFriend, oldFriends } from '../people/friendship';
import { introduce } from '../people/introduce';
import { enrolCustomer } from '../people/registry';
import { parse } from '../problem';
import {
  accepting,
  adding,
  billing,
  chatting,
  customersShape,
  deleting,
  nothing,
  opening,
  refusing,
  replying,
  using,
} from './shapes';

/** One control: the input is read first, then the customer is met, then it acts; what it answers goes out as JSON. */
type AddControl = <S extends z.ZodType>(
  name: string,
  shape: S,
  act: (contactId: string, input: z.output<S>) => object,
) => void;

export function customerControls(deps: Deps): Router {
  const router = Router();
  addDeeds(deps, (name, shape, act) => {
    const path: string = `/customers/:contactId\\:${name}`; // a colon is a name to Express, so the second is escaped
    router.post(path, async (request, response) => {
      const input = parse(shape, request.body);
      const { contactId } = await introduce(deps, String(request.params.contactId));
      response.json(deps.tables.atomically(() => act(contactId, input)));
    });
  });

  router.put('/customers\\:batch', (request, response) => {
    const { customers } = parse(customersShape, request.body);
    deps.tables.atomically(() => {
      for (const customer of customers) enrol(deps, customer);
    });
    response.json({ loaded: customers.length });
  });

  return router;
}

function addDeeds(deps: Deps, control: AddControl): void {
  control('add-friend', adding, (id, input) => addFriend(deps, id, input));
  control('delete-friend', deleting, (id, input) => ({ staffIds: deleteFriend(deps, id, input) }));
  control('chat', chatting, (id, said) => ({ staffId: chat(deps, id, said) }));

  control('use-data', using, (id, { percent }) => done(() => useData(deps, id, percent)));
  control('bill', billing, (id, { balance }) => done(() => bill(deps, id, balance)));
  control('pay', nothing, (id) => done(() => pay(deps, id)));

  control('accept', accepting, (id, input) => ({ product: accept(deps, id, input) }));
  control('refuse', refusing, (id, input) => done(() => refuse(deps, id, input)));
  control('open', opening, (id, input) => open(deps, id, input));
  control('reply-sms', replying, (id, { text }) => done(() => replySms(deps, id, text)));
}

/** A customer as a deployment knows it, with the relations of before. */
function enrol(
  deps: Deps,
  { relations = [], facts, ...card }: z.output<typeof customersShape>['customers'][number],
): void {
  enrolCustomer(deps, { ...card, ...facts, externalUserId: relations[0]?.externalUserId });
  for (const { addedAt, ...relation } of relations) {
    const past = { ...relation, addedAt: Date.parse(addedAt) };
    oldFriends(deps, card.contactId, relation.staffId, past);
  }
}

function done(act: () => void): object {
  act();
  return { done: true };
}
