// Who may import whom (design.md "Rooms", docs/architecture.md). Types-only imports are told apart by tsPreCompilationDeps.
const code = (room) => `^${room}/(?!.*\\.test\\.ts$)`;
const never = (name, from, to, comment, extra = {}) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, ...extra.from },
  to: { path: to, ...extra.to },
});
const runtime = { to: { dependencyTypesNot: ['type-only'] } };
/** From the bottom up. */
const ROOMS_OF_RULES = [
  'base',
  'time',
  'input',
  'contact',
  'policy',
  'gate',
  'ledger',
  'event',
  'trigger',
  'catalogue',
  'calendar',
  'journey',
  'sequence',
  'words',
];

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'rules-are-pure',
      severity: 'error',
      comment: 'rules/ is the domain: no I/O, no other room.',
      from: { path: code('rules') },
      to: {
        pathNot:
          '^rules/|node_modules/(luxon|zod|handlebars|sift|@noble/hashes)/|node_modules/@types/luxon',
      },
    },
    ...ROOMS_OF_RULES.map((room, i) =>
      never(
        `rules-${room}-knows-no-higher-room`,
        code(`rules/${room}`),
        `^rules/(${ROOMS_OF_RULES.slice(i + 1).join('|')})/`,
        `Within rules/ a room sees only those before it: ${ROOMS_OF_RULES.join(' < ')}.`,
      ),
    ).slice(0, -1),
    {
      name: 'zod-only-in-schemas',
      severity: 'error',
      from: { path: code('rules'), pathNot: '\\.schema\\.ts$' },
      to: { path: 'node_modules/zod', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'schemas-are-not-imported-at-run-time-by-rules',
      severity: 'error',
      from: { path: code('rules'), pathNot: '\\.schema\\.ts$' },
      to: { path: '\\.schema\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'handlebars-only-in-template',
      severity: 'error',
      from: { path: code('rules'), pathNot: '^rules/catalogue/template\\.ts$' },
      to: { path: 'node_modules/handlebars' },
    },
    {
      name: 'workflows-only-rules-and-types',
      severity: 'error',
      from: { path: code('workflows') },
      to: {
        pathNot: '^(workflows|rules)/|node_modules/@temporalio/(workflow|common)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'workflows-types-of-activities-only',
      severity: 'error',
      from: { path: code('workflows') },
      to: { pathNot: '^(workflows|rules|activities|ports)/|node_modules/' },
    },
    {
      name: 'activities-only-rules-and-ports',
      severity: 'error',
      from: { path: code('activities') },
      to: { pathNot: '^(activities|rules|ports)/|node_modules/@temporalio/(activity|common)/' },
    },
    never('ports-import-only-types', code('ports'), '.', 'ports/ holds interfaces only.', runtime),
    {
      name: 'ports-know-only-rules',
      severity: 'error',
      from: { path: code('ports') },
      to: { pathNot: '^(ports|rules)/' },
    },
    {
      name: 'models-only-ports-rules-mongoose',
      severity: 'error',
      from: { path: code('models') },
      to: {
        pathNot:
          '^(models|ports|rules)/|node_modules/(mongoose|mongodb|chinese-days)/|^node:|^(crypto|util)$',
        dependencyTypesNot: ['core'],
      },
    },
    never(
      'memory-knows-no-mongo',
      code('models/memory'),
      '^models/mongo/|node_modules/(mongoose|mongodb)/',
      'The stores in memory stand by themselves.',
    ),
    never(
      'mongo-knows-no-memory',
      code('models/mongo'),
      '^models/memory/',
      'The stores over MongoDB stand by themselves.',
    ),
    {
      name: 'models-see-ports-as-types',
      severity: 'error',
      from: { path: code('(models|integrations)') },
      to: { path: '^ports/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'integrations-only-ports-rules',
      severity: 'error',
      from: { path: code('integrations') },
      to: { path: '^(models|activities|workflows|api|sandbox|embedded|bin|test)/' },
    },
    {
      name: 'systems-do-not-know-each-other',
      severity: 'error',
      from: { path: '^integrations/([^/]+)/' },
      to: { path: '^integrations/([^/]+)/', pathNot: '^integrations/$1/' },
    },
    {
      name: 'intake-only-rules-and-ports',
      severity: 'error',
      comment:
        'From the inbox to a started or signalled journey: it knows no HTTP and no database.',
      from: { path: code('intake') },
      to: { pathNot: '^(intake|rules|ports)/', dependencyTypesNot: ['core', 'npm'] },
    },
    {
      name: 'reports-only-rules-and-ports',
      severity: 'error',
      comment: 'Questions over the ledger; they know no HTTP and no database.',
      from: { path: code('reports') },
      to: { pathNot: '^(reports|rules|ports)/', dependencyTypesNot: ['core', 'npm'] },
    },
    {
      name: 'api-is-http-only',
      severity: 'error',
      from: { path: code('api') },
      to: {
        path: '^(models|activities|workflows|integrations|sandbox|embedded|bin|test|bench)/|node_modules/(mongoose|@temporalio)/',
      },
    },
    {
      name: 'the-engine-alone-starts-workflows',
      severity: 'error',
      from: {
        path: '.',
        pathNot:
          '^integrations/temporal/|^(server|worker|wiring)\\.ts$|^(test|testing|embedded|bench|workflows)/|\\.test\\.ts$',
      },
      to: { path: 'node_modules/@temporalio/client/' },
    },
    {
      name: 'rehearsal-plays-the-same-activities',
      severity: 'error',
      comment:
        'A rehearsal has stores in memory and channels of its own: no system and no database is within its reach.',
      from: { path: code('rehearsal') },
      to: {
        pathNot: '^(rehearsal|activities|reports|ports|rules)/|^models/memory/',
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'nobody-knows-that-it-is-rehearsed',
      severity: 'error',
      comment: 'Only what wires things together knows rehearsal/; the others know its port.',
      from: {
        path: '.',
        pathNot: '^(rehearsal|embedded|test|bench)/|^(server|worker|wiring)\\.ts$',
      },
      to: { path: '^rehearsal/' },
    },
    {
      name: 'the-sandbox-stands-alone',
      severity: 'error',
      from: { path: code('sandbox') },
      to: { path: '^(models|activities|workflows|api|ports|embedded|bin|test)/' },
    },
    {
      name: 'roots-are-not-imported',
      severity: 'error',
      from: { pathNot: '^(test|embedded|bin|bench)/' },
      to: { path: '^(server|worker)\\.ts$' },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      comment: 'Nothing of the product rests on what is there for tests.',
      from: { pathNot: '^(test|testing|bench)/|\\.test\\.ts$|^jest\\.' },
      to: { path: '^(test|testing)/' },
    },
    {
      name: 'testing-knows-no-database',
      severity: 'error',
      comment: 'testing/ serves the authors of journeys: workflows over scripted activities.',
      from: { path: code('testing') },
      to: { path: '^(api|bin|embedded|intake|integrations|models|reports|sandbox|test)/' },
    },
    {
      name: 'no-heavy-packages-reach-workflows',
      severity: 'error',
      from: { path: '^workflows/(?!.*\\.test\\.ts$)' },
      to: { path: 'node_modules/(zod|handlebars|mongoose|express)/', reachable: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|console)/|\\.[cm]js$' },
  },
};
