import type { IForbiddenRuleType } from 'dependency-cruiser'

/**
 * Which file may import which. An import goes down: from a package to one of a lower rank, from a folder to one that stands
 * before it in its list. The architecture page says what lives where.
 */

/** Each package, and the packages that it may import. */
const RANKS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  cache: ['core'],
  redis: ['core'],
  fanout: ['core', 'cache'],
  collections: ['core', 'cache'],
  recipes: ['core'],
  adapters: ['core', 'cache', 'fanout', 'recipes'],
  cli: ['core', 'cache', 'redis', 'fanout'],
}

/** The folders of each package, the lowest first. A folder's own files stand above its subfolders. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  core: [
    ...[
      'contract',
      'hashing',
      'checks',
      'results',
      'codec/msgpackr',
      'codec/compression',
      'codec',
      'codec/encryption',
      'codec/tags',
      'waiting',
      'streams',
      'memory',
      'stores',
      'namespaces',
      'breaker',
      'leases',
    ],
    ...[
      'sqlite/system',
      'sqlite/connection',
      'sqlite/checksums',
      'sqlite/files',
      'sqlite/readonly',
      'sqlite/schema',
      'sqlite/queries',
      'sqlite/listing',
      'sqlite/damage',
      'sqlite/copy',
      'sqlite',
    ],
  ],
  cache: ['context', 'upkeep', 'examination', 'entries', 'operations', 'promises', '.'],
  redis: ['server', 'bytes', 'scripts', 'entries/order', 'entries/chunks', 'entries', 'keyspace', '.'],
  recipes: ['rates', 'counting', 'filters', 'locks', 'computing', '.'],
  adapters: [
    'store',
    ...['http/fields', 'http/rules', 'http/options', 'http/exchange', 'http/storing', 'http/waiting'],
    ...['http/serving', 'http', 'node'],
    ...[
      'bentocache',
      'express',
      'fastify',
      'web',
      'keyv',
      'next',
      'rate-limit',
      'session',
      'undici',
      'unstorage',
      'verrou',
    ],
  ],
  'adapters/src/nest': ['stores', 'methods', 'responses', '.'],
  cli: [
    ...['terminal', 'reading/targets', 'reading'],
    ...['transfer/lines', 'transfer/stores', 'transfer/export', 'transfer/import'],
    ...['doctor/findings', 'doctor/holders', 'doctor/directory', 'doctor/database'],
    ...['doctor/redis', 'doctor/app', 'doctor'],
    ...['inspector/protocol', 'inspector/page/text', 'inspector/page/server', 'inspector/page/place'],
    ...['inspector/page/parts', 'inspector/page/entry', 'inspector/page/entries', 'inspector/page/sizes'],
    ...['inspector/page/live', 'inspector/page'],
    ...['inspector/server/http', 'inspector/server/looking', 'inspector/server'],
    ...['commands/arguments', 'commands/looking', 'commands/changing', 'commands/moving'],
    ...['commands/completion', 'commands'],
    ...['express', 'fastify', '.'],
  ],
}

const SOURCE = '^packages/[^/]+/src/'
const TEST = '\\.test\\.ts$|/test-engine\\.ts$'
const FRAMEWORKS =
  'node_modules/(bentocache|express|express-session|fastify|hono|@nestjs|rxjs|keyv|undici|unstorage|@verrou)/'

/** Files directly in a folder of a package. */
function filesIn(place: string, folder: string): string {
  const source = place.includes('/') ? `packages/${place}` : `packages/${place}/src`
  return folder === '.' ? `^${source}/[^/]+\\.tsx?$` : `^${source}/${folder}/[^/]+\\.tsx?$`
}

const ranks: IForbiddenRuleType[] = Object.entries(RANKS).map(([name, allowed]) => ({
  name: `rank-of-${name}`,
  comment: `@diskcache/${name} may import ${allowed.join(', ') || 'no other package'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src/`, pathNot: TEST },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}))

const floors: IForbiddenRuleType[] = Object.entries(FLOORS).flatMap(([place, folders]) =>
  folders.slice(0, -1).map((folder, floor) => ({
    name: `floor-of-${place}-${folder}`,
    comment: `${place}: ${folder} may import what stands before it: ${folders.slice(0, floor).join(', ')}`,
    severity: 'error',
    from: { path: filesIn(place, folder), pathNot: TEST },
    to: { path: folders.slice(floor + 1).map((higher) => filesIn(place, higher)) },
  })),
)

export const LAYOUT_RULES: readonly IForbiddenRuleType[] = [
  ...ranks,
  ...floors,
  {
    name: 'no-cycle',
    severity: 'error',
    from: { path: SOURCE },
    to: { circular: true },
  },
  {
    name: 'no-way-around-a-door',
    comment: 'another package is imported by its name, never by a path into it',
    severity: 'error',
    from: { path: '^packages/([^/]+)/' },
    to: { path: '^packages/[^/]+/src/', pathNot: '^packages/$1/' },
  },
  {
    name: 'no-import-of-ones-own-face',
    comment: 'index.ts is for other packages',
    severity: 'error',
    from: { path: SOURCE, pathNot: TEST },
    to: { path: ['/src/index\\.ts$', '/src/[^/]+/index\\.ts$'] },
  },
  {
    name: 'contract-without-engine',
    comment: 'the door "." of core never reaches the engine',
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: '^packages/core/src/sqlite/' },
    to: { path: '^packages/core/src/sqlite/' },
  },
  {
    name: 'engine-for-caches-only',
    comment: 'only Cache and FanoutCache know that there is SQLite; all others run on any store',
    severity: 'error',
    from: { path: SOURCE, pathNot: ['^packages/(core|cache|fanout)/', TEST] },
    to: { path: '^packages/core/dist/sqlite/|node_modules/better-sqlite3/' },
  },
  {
    name: 'better-sqlite3-in-one-file',
    severity: 'error',
    from: { path: SOURCE, pathNot: ['^packages/cache/src/context/engine\\.ts$', TEST] },
    to: { path: 'node_modules/better-sqlite3/' },
  },
  {
    name: 'msgpackr-in-the-codec-only',
    severity: 'error',
    from: { path: SOURCE, pathNot: '^packages/core/src/codec/' },
    to: { path: 'node_modules/msgpackr/' },
  },
  {
    name: 'preact-in-the-page-only',
    severity: 'error',
    from: { path: SOURCE, pathNot: '^packages/cli/src/inspector/page/' },
    to: { path: 'node_modules/preact/' },
  },
  {
    name: 'page-for-browsers',
    comment: 'the page runs in a browser: of the rest of the package it knows types',
    severity: 'error',
    from: { path: '^packages/cli/src/inspector/page/', pathNot: TEST },
    to: {
      pathNot: ['^packages/cli/src/inspector/page/', 'node_modules/preact/'],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'http-without-framework',
    comment: 'the rules of HTTP caching know no framework',
    severity: 'error',
    from: { path: '^packages/adapters/src/http/', pathNot: TEST },
    to: {
      path: [
        '^packages/adapters/src/(node|bentocache|express|fastify|web|nest|next|keyv|rate-limit|session|undici|unstorage|verrou)/',
        FRAMEWORKS,
      ],
    },
  },
  {
    name: 'adapters-apart',
    comment: 'the adapter of one framework needs no other',
    severity: 'error',
    from: {
      path: '^packages/adapters/src/(bentocache|express|fastify|web|nest|next|keyv|rate-limit|session|undici|unstorage|verrou)/',
    },
    to: {
      path: '^packages/adapters/src/(bentocache|express|fastify|web|nest|next|keyv|rate-limit|session|undici|unstorage|verrou)/',
      pathNot: '^packages/adapters/src/$1/',
    },
  },
  {
    name: 'declared-dependencies-only',
    comment:
      'what is not among the dependencies is bundled, or missing at run time; core bundles msgpackr on purpose, and the page of the inspector Preact',
    severity: 'error',
    from: { path: SOURCE, pathNot: [TEST, '^packages/core/src/codec/', '^packages/cli/src/inspector/page/'] },
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'],
      dependencyTypesNot: ['npm-peer', 'type-only'],
    },
  },
  {
    name: 'resolvable',
    severity: 'error',
    from: { path: SOURCE },
    to: { couldNotResolve: true },
  },
]
