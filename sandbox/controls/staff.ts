// Controls of staff: confirming mass sends, leaving them, resigning.

import { Router } from 'express';
import { CodedError } from '../../rules/base/errors';
import type { Deps } from '../deps';
import { confirm, ignore, openTasks, resign } from '../people/confirming';
import { enrolStaff } from '../people/registry';
import { parse } from '../problem';
import { confirming, nothing, staffShape } from './shapes';

export function staffControls(deps: Deps): Router {
  const router = Router();
  const control = (name: string, act: (staffId: string, body: unknown) => object): void => {
    const path: string = `/staff/:staffId\\:${name}`;
    router.post(path, (request, response) => {
      const staffId = String(request.params.staffId);
      assertStaff(deps, staffId);
      response.json(deps.tables.atomically(() => act(staffId, request.body)));
    });
  };

  control('confirm', (staffId, body) => ({
    msgids: confirm(deps, staffId, parse(confirming, body).msgid),
  }));

  control('ignore', (staffId, body) => {
    parse(nothing, body);
    ignore(deps, staffId);
    return { open: openTasks(deps, staffId).length };
  });

  control('resign', (staffId, body) => {
    parse(nothing, body);
    resign(deps, staffId);
    return { open: openTasks(deps, staffId).length };
  });

  router.put('/staff\\:batch', (request, response) => {
    const { staff } = parse(staffShape, request.body);
    deps.tables.atomically(() => {
      for (const card of staff) enrolStaff(deps, card);
    });
    response.json({ loaded: staff.length });
  });

  return router;
}

function assertStaff(deps: Deps, staffId: string): void {
  if (deps.state.staff.get(staffId)) return;

  throw new CodedError(
    'NOT_FOUND',
    `no staff ${staffId}: load it with PUT /sandbox/staff:batch, or let a customer add it`,
  );
}
