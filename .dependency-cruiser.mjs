/** The arrows of the house: one way, no circles. */
const system = '^connectors/[^/]+/';
const ground = '^connectors/[^/]+\\.ts$';

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'ground-stands-alone',
      severity: 'error',
      from: { path: ground },
      to: { path: '^(app-server|shopware-app|ecwid-app|test|connectors/[^/]+/)' },
    },
    {
      name: 'a-system-knows-only-the-ground',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/' },
      to: { path: '^(app-server|shopware-app|ecwid-app|test|connectors/[^/]+/)', pathNot: '^connectors/$1/' },
    },
    {
      name: 'shopware-knows-only-the-ground',
      severity: 'error',
      from: { path: '^shopware-app/' },
      to: { path: `^(app-server|ecwid-app|test)|${system}` },
    },
    {
      name: 'ecwid-knows-only-the-ground',
      severity: 'error',
      from: { path: '^ecwid-app/' },
      to: { path: `^(app-server|shopware-app|test)|${system}` },
    },
    {
      name: 'engine-knows-no-adapter',
      severity: 'error',
      from: { path: '^app-server/(engine|mapping)/' },
      to: { path: `^(shopware-app|ecwid-app|test)/|${system}|^app-server/(store|http|jobs|screens|[^/]+\\.ts$)` },
    },
    {
      name: 'engine-knows-no-framework',
      severity: 'error',
      from: { path: '^app-server/(engine|mapping)/' },
      to: { path: 'node_modules/(express|mongoose|mongodb|agenda|@agendajs|soap)/' },
    },
    { name: 'mapping-knows-no-engine', severity: 'error', from: { path: '^app-server/mapping/' }, to: { path: '^app-server/engine/' } },
    {
      name: 'only-app-names-adapters',
      severity: 'error',
      from: { path: '^app-server/', pathNot: '^app-server/((app|systems)\\.ts|store/(shopware-shops|ecwid-stores)\\.ts)$' },
      to: { path: `^(shopware-app|ecwid-app)/|${system}` },
    },
    { name: 'store-knows-no-http', severity: 'error', from: { path: '^app-server/store/' }, to: { path: '^app-server/(jobs|screens)/' } },
    {
      name: 'screens-import-types-only',
      severity: 'error',
      from: { path: '^app-server/screens/' },
      to: { path: '^(app-server/(?!screens/)|connectors|shopware-app|ecwid-app)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-knows-no-test',
      severity: 'error',
      from: { path: '^(app-server|connectors|shopware-app|ecwid-app)/' },
      to: { path: '^test/' },
    },
    {
      name: 'simulators-are-third-parties',
      severity: 'error',
      from: { path: '^test/simulators/' },
      to: { path: '^(app-server|connectors|shopware-app|ecwid-app)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
