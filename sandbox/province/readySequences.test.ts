// The ready sequences, against what the demo province sells and says.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sequenceFaults } from '../../rules/sequence/faults';
import type { Sequence } from '../../rules/sequence/sequence';
import { readSequence } from '../../rules/sequence/sequence.schema';
import { createProvince } from './province';

const folder = join(__dirname, '../../docs/ready/sequences');
const ready = new Map<string, Sequence>(
  readdirSync(folder).map((file) => {
    const { id, body } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      id: string;
      body: unknown;
    };
    return [id, readSequence(body, id)];
  }),
);
const { catalogue, templates } = createProvince(1);
const references = {
  ...{ catalogue, pinnedCatalogues: new Map(), templates: new Map(Object.entries(templates)) },
  ...{ templateIds: Object.keys(templates), sequenceIds: [...ready.keys()] },
};

test('they are the four that operators begin with', () => {
  expect(
    [...ready].map(([id, { start, steps }]) => [id, start.kind, steps.map(({ day }) => day)]),
  ).toEqual([
    ['birthday-week', 'birthday', [0, 1]],
    ['contract-ends', 'contract-end', [0, 14, 30, 53]],
    ['new-friend', 'added', [0, 0, 1, 3, 7, 15, 30]],
    ['silent-customer', 'silent', [0, 3, 10]],
  ]);
});

test.each([...ready])('%s may be published on the demo as it is', (id, sequence) => {
  expect(sequenceFaults(id, sequence, references)).toEqual([]);
});
