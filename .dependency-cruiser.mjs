/** Who may import whom. The table behind these rules, with reasons, is in CONTRIBUTING.md. Each comment says what to do instead. */
const lib = (name) => `^libs/${name}/`;
const tests = '(\\.spec\\.ts$|/test/|^libs/testkit/|^e2e/|^bench/)';
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    forbid(
      'no-cycles',
      'Break the circle: move what both need into a third file, or type one side by `import type`.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    forbid(
      'resolvable',
      'This import resolves to nothing: add the package to the workspace that uses it.',
      {},
      {
        couldNotResolve: true,
        pathNot: '^(\\./\\$types|\\$app/)',
      },
    ),
    forbid(
      'services-talk-in-events',
      'A service does not import another: emit an event, or ask a typed question.',
      { path: '^services/([^/]+)/' },
      {
        path: '^services/',
        pathNot: '^services/$1/',
      },
    ),
    forbid(
      'services-import-libs-only',
      'A service imports libs; what web, local or the tests need too belongs into a lib.',
      { path: '^services/', pathNot: tests },
      {
        path: '^(web|operator|local|e2e|bench|libs/testkit)/',
      },
    ),
    forbid(
      'contracts-stand-alone',
      'libs/contracts runs in the browser: only zod and small pure libraries.',
      { path: lib('contracts'), pathNot: tests },
      {
        path: '^(libs/(?!contracts)|services|web|local)/|node_modules/(@nestjs|@nats-io|typeorm|pg|undici)/',
      },
    ),
    forbid(
      'contracts-have-no-built-ins',
      'libs/contracts runs in the browser: no Node built-ins.',
      { path: lib('contracts'), pathNot: tests },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'only-the-bus-knows-nats',
      'Speak to the bus through @skyflo/bus; tests that do what it never would, through the testkit.',
      { pathNot: '^libs/(bus|testkit)/' },
      { path: 'node_modules/@nats-io/' },
    ),
    forbid(
      'bus-knows-no-store',
      'The bus publishes what it is given: it imports neither store nor services.',
      { path: lib('bus'), pathNot: tests },
      {
        path: '^(libs/(store|kube|service-kit)|services|local|web)/',
      },
    ),
    forbid(
      'nest-in-the-bus-stays-in-nest',
      'In libs/bus, Nest is used in src/nest only.',
      { path: '^libs/bus/src/(?!nest/)', pathNot: tests },
      { path: 'node_modules/@nestjs/' },
    ),
    forbid(
      'store-knows-no-bus',
      'The store publishes through the function it is given.',
      { path: lib('store'), pathNot: tests },
      {
        path: '^(libs/(bus|kube|service-kit)|services|local|web)/',
      },
    ),
    forbid(
      'kube-stands-alone',
      'libs/kube knows neither bus, store nor Nest.',
      { path: lib('kube'), pathNot: tests },
      {
        path: '^(libs/(bus|store|service-kit)|services|local|web)/|node_modules/@nestjs/',
      },
    ),
    forbid(
      'kit-knows-no-kube',
      'Only the tool-runner and the operator speak Kubernetes.',
      { path: lib('service-kit'), pathNot: tests },
      { path: '^(libs/kube|services|local|web)/' },
    ),
    forbid(
      'domain-is-pure',
      'Deciding is pure: give the domain values, keep touching in adapters. Types of a transaction may be named by ports.',
      { path: '^services/[^/]+/src/domain/', pathNot: '\\.spec\\.ts$' },
      {
        path: 'node_modules/(@nestjs|typeorm|pg|undici|openai|@langchain)/|^services/[^/]+/src/(adapters|handlers|http|graph|tools)/|^libs/(bus|kube|service-kit)/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'domain-has-no-built-ins',
      'Deciding is pure: no clocks, no files, no randomness.',
      { path: '^services/[^/]+/src/domain/', pathNot: '\\.spec\\.ts$' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'domain-opens-no-store',
      'A port may name the transaction type; the domain opens none.',
      { path: '^services/[^/]+/src/domain/', pathNot: '\\.spec\\.ts$' },
      {
        path: '^libs/store/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'handlers-use-ports',
      'A handler names a port; the module binds the adapter.',
      { path: '^services/[^/]+/src/(handlers|http|graph|tools)/', pathNot: tests },
      {
        path: '^services/[^/]+/src/adapters/|node_modules/(typeorm|pg|undici|openai)/',
      },
    ),
    forbid(
      'adapters-do-not-know-handlers',
      'Adapters are called, they do not call.',
      { path: '^services/[^/]+/src/adapters/', pathNot: tests },
      { path: '^services/[^/]+/src/(handlers|http)/' },
    ),
    forbid(
      'web-imports-contracts-only',
      'The console shares libs/contracts with the services and nothing else.',
      { path: '^web/src/' },
      { path: '^(libs/(?!contracts)|services|local)/' },
    ),
    forbid(
      'local-starts-others',
      'local/ starts services and the console as processes; it imports neither.',
      { path: '^local/' },
      { path: '^(services|web)/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build|\\.svelte-kit)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@skyflo/source', 'import', 'node', 'default', 'types'],
    },
  },
};
