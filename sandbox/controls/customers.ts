// Controls of customers: what a person or a test makes them do.

import { Router } from 'express';
import type { z } from 'zod';
import type { Deps } from '../deps';
import { accept, bill, chat, pay, refuse, replySms, useData } from '../people/deeds';
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
  refusing,
  replying,
  using,
} from './shapes';

export function customerControls(deps: Deps): Router {
  const router = Router();
  /** One control: the input is read first, then the customer is met, then it acts; what it answers goes out as JSON. */
  const control = <S extends z.ZodType>(
    name: string,
    shape: S,
    act: (contactId: string, input: z.output<S>) => object,
  ): void => {
    const path: string = `/customers/:contactId\\:${name}`; // a colon is a name to Express, so the second is escaped
    router.post(path, async (request, response) => {
      const input = parse(shape, request.body);
      const { contactId } = await introduce(deps, String(request.params.contactId));
      response.json(deps.tables.atomically(() => act(contactId, input)));
    });
  };

  control('add-friend', adding, (contactId, input) => addFriend(deps, contactId, input));
  control('delete-friend', deleting, (contactId, input) => ({
    staffIds: deleteFriend(deps, contactId, input),
  }));
  control('chat', chatting, (contactId, { staffId }) => ({
    staffId: chat(deps, contactId, staffId),
  }));
  control('use-data', using, (contactId, { percent }) =>
    done(() => useData(deps, contactId, percent)),
  );
  control('bill', billing, (contactId, { balance }) => done(() => bill(deps, contactId, balance)));
  control('pay', nothing, (contactId) => done(() => pay(deps, contactId)));
  control('accept', accepting, (contactId, input) => ({ product: accept(deps, contactId, input) }));
  control('refuse', refusing, (contactId, input) => done(() => refuse(deps, contactId, input)));
  control('reply-sms', replying, (contactId, { text }) =>
    done(() => replySms(deps, contactId, text)),
  );

  router.put('/customers\\:batch', (request, response) => {
    const { customers } = parse(customersShape, request.body);
    deps.tables.atomically(() => {
      for (const { relations = [], facts, ...card } of customers) {
        enrolCustomer(deps, { ...card, ...facts, externalUserId: relations[0]?.externalUserId });
        for (const { addedAt, ...relation } of relations)
          oldFriends(deps, card.contactId, relation.staffId, {
            ...relation,
            addedAt: Date.parse(addedAt),
          });
      }
    });
    response.json({ loaded: customers.length });
  });
  return router;
}

function done(act: () => void): object {
  act();
  return { done: true };
}
