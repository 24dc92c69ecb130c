// The layer table of the project. Change it by an ADR, not by an exception.
// Every folder may import itself and the roots; anything else is listed here.
const ROOTS = [
  'domain',
  'records',
  'scores',
  'leads',
  'rules',
  'changes',
  'alerts',
  'errors',
  'log',
  'clock',
  'money',
  'days',
  'observe',
  'version',
];
const MAY_IMPORT = {
  scoring: [],
  plan: ['scoring', 'texts'],
  texts: [],
  zoho: [],
  store: ['db.ts', 'crypto.ts', 'zoho'], // zoho by type import only, see store-takes-zoho-types-only
  sync: ['zoho', 'store'],
  writeback: ['zoho', 'store', 'plan'],
  setup: ['zoho', 'store', 'plan', 'texts'],
  notify: ['store', 'texts', 'crypto.ts'],
  ops: ['store', 'texts', 'crypto.ts'],
  jobs: ['sync', 'store', 'scoring', 'plan', 'writeback', 'setup', 'notify', 'ops', 'zoho'],
  webhooks: ['store', 'jobs/queue.ts'],
  views: ['store', 'scoring', 'plan', 'texts'],
  web: ['store', 'jobs/queue.ts', 'setup', 'plan', 'texts', 'webhooks', 'views', 'notify'],
  cli: [
    'app.ts',
    'operations.ts',
    'config.ts',
    'fleet-file.ts',
    'settings-edit.ts',
    'stored-settings.ts',
    'jobs',
    'setup',
    'ops',
    'notify',
    'store',
    'texts',
    'views',
    'web',
    'simulator',
    'sample',
  ],
  admin: [],
  simulator: ['sample'],
  sample: ['simulator'],
  widget: ['texts'],
};
// A simulator that shared our clock or errors would prove nothing: it stands alone with its samples.
// The admin pages know the server by its API only; its types are generated (scripts/api-types.ts). The widget in Zoho shares
// words with it and no code.
const STANDALONE = new Set(['simulator', 'sample', 'admin', 'widget']);
const PURE = ['scoring', 'plan', 'texts'];

const target = (name) => (name.endsWith('.ts') ? `^src/${name.replace('.', '\\.')}$` : `^src/${name}/`);

const layers = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `layer-${folder}`,
  comment: `src/${folder} may import only itself${allowed.length ? `, ${allowed.join(', ')}` : ''} and the roots`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [
      `^src/${folder}/`,
      ...(STANDALONE.has(folder) ? [] : ROOTS.map((root) => `^src/${root}\\.ts$`)),
      ...allowed.map(target),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'pure-folders-do-no-io',
      comment: 'scoring, plan and texts are pure: no built-ins, no clock, no logger',
      severity: 'error',
      from: { path: `^src/(${PURE.join('|')})/` },
      to: { path: ['^node:', '^src/(clock|log)\\.ts$'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-folders-use-no-built-ins',
      severity: 'error',
      from: { path: `^src/(${PURE.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-folders-use-named-libraries-only',
      comment:
        'numeric libraries that scoring may use are named here; plan uses date-holidays for working days, texts cronstrue for schedules in words',
      severity: 'error',
      from: { path: `^src/(${PURE.join('|')})/` },
      to: { dependencyTypes: ['npm', 'npm-dev'], pathNot: ['node_modules/(date-holidays|cronstrue)/'] },
    },
    {
      name: 'store-takes-zoho-types-only',
      severity: 'error',
      from: { path: '^src/store/' },
      to: { path: '^src/zoho/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^src/(domain|records|scores|leads|rules|changes|alerts|money|days)\\.ts$' },
      to: { path: '.', pathNot: '^src/(domain|records|scores|leads|alerts)\\.ts$' },
    },
    {
      name: 'widget-runs-in-a-browser',
      comment: 'no built-ins and no libraries: the package stays small',
      severity: 'error',
      from: { path: '^src/widget/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    {
      name: 'entries-are-not-imported',
      comment: 'main, cli, worker and score-worker are entries',
      severity: 'error',
      from: {},
      to: { path: '^src/(main|cli|worker|score-worker)\\.ts$' },
    },
    {
      name: 'app-is-built-by-entries-only',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(main|cli|worker|score-worker)\\.ts$', '^src/cli/'] },
      to: { path: '^src/app\\.ts$' },
    },
    {
      name: 'config-is-read-by-entries-only',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(main|cli|worker|app)\\.ts$', '^src/cli/'] },
      to: { path: '^src/config\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'browser-code-uses-no-built-ins',
      severity: 'error',
      from: { path: '^src/admin/' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only-http-support-imports-nock',
      severity: 'error',
      from: { path: '^test/', pathNot: '^test/support/http\\.ts$' },
      to: { path: 'node_modules/nock/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
