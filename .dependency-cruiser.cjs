/**
 * The directions of docs/architecture.md: nothing flows back, a protocol never imports another protocol. What protocols share is in
 * their root and in its rooms feed, input and long-work, which import none.
 */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '^src/core/read-data-file\\.ts$' },
      to: { pathNot: '^src/core/' },
    },
    {
      name: 'protocols-apart',
      severity: 'error',
      from: { path: '^src/protocols/([^/]+)/' },
      to: { path: '^src/protocols/([^/]+)/', pathNot: '^src/protocols/($1|feed|input|long-work)/' },
    },
    {
      name: 'protocols-know-no-database',
      severity: 'error',
      from: { path: '^src/(protocols|web)/' },
      to: { path: '^src/(library|store|catalogue|build)/|^node_modules/(@photostructure/sqlite|pg)/' },
    },
    {
      name: 'library-knows-no-protocol',
      severity: 'error',
      from: { path: '^src/(library|store|catalogue|build)/' },
      to: { path: '^src/(protocols|web|edge|cli)/|^node_modules/express/' },
    },
    {
      name: 'fhir-types-stay-in-fhir',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(protocols/(fhir|cds-hooks)|upstream|import)/' },
      to: { path: '@medplum/fhirtypes' },
    },
    {
      // What prints PDFs is loaded by the printing thread alone: 32 MB that most processes never need.
      name: 'pdf-in-its-thread',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { path: '^node_modules/(pdfkit|fontkit|unpdf)/', reachable: true },
    },
    {
      // The demo is beside the server: only its command knows it.
      name: 'demo-apart',
      severity: 'error',
      from: { pathNot: '^src/(demo/|cli/demo\\.ts$)' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: '^src/(main|cli|worker)\\.ts$|\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
