// A page of the channels' own records, held against ours: which part is read how.

import type { BookPart } from '../../rules/ledger/bookReport';
import type { BookPageInput, BookPageResult } from '../contract';
import type { BookDeps } from '../deps';
import { readCallbacks } from './callbacks';
import { readLeads } from './leads';
import { readMassSends, readStrays } from './massSends';
import { reapPage } from './reap';
import { readRelations } from './relations';

type ReadPage = (deps: BookDeps, input: BookPageInput) => Promise<BookPageResult>;

const NOTHING: BookPageResult = { looked: 0, found: {}, next: null };

/** What only WeCom can say, where there is one. */
const ofWecom =
  (read: ReadPage): ReadPage =>
  async (deps, input) =>
    deps.channels.has('wecom') ? await read(deps, input) : NOTHING;

const PARTS: Readonly<Record<BookPart, ReadPage>> = {
  touches: reapPage,
  strays: ofWecom(readStrays),
  'mass-sends': ofWecom(readMassSends),
  sms: readCallbacks('sms'),
  crm: readCallbacks('crm'),
  iop: readCallbacks('iop'),
  relations: ofWecom(readRelations),
  leads: readLeads,
};

export const bookPage = (deps: BookDeps, input: BookPageInput): Promise<BookPageResult> =>
  PARTS[input.part](deps, input);
