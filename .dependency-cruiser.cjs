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
      from: { path: code('rules'), pathNot: '^rules/template\\.ts$' },
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
      name: 'api-only-rules-and-ports',
      severity: 'error',
      from: { path: code('api'), pathNot: '^api/engine\\.ts$' },
      to: {
        path: '^(models|activities|workflows|integrations|sandbox|embedded|bin|test)/|node_modules/(mongoose|@temporalio)/',
      },
    },
    {
      name: 'engine-alone-speaks-temporal',
      severity: 'error',
      from: { path: '^api/engine\\.ts$' },
      to: {
        path: '^(models|activities|integrations|sandbox|embedded|bin|test)/|node_modules/(mongoose|@temporalio/worker)/',
        dependencyTypesNot: ['type-only'],
      },
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
      from: { pathNot: '^(test|embedded|bin)/' },
      to: { path: '^(server|worker)\\.ts$' },
    },
    {
      name: 'test-is-not-imported',
      severity: 'error',
      from: { pathNot: '^test/|\\.test\\.ts$|^jest\\.' },
      to: { path: '^test/' },
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
    exclude: { path: '^(dist|coverage)/|\\.[cm]js$' },
  },
};
