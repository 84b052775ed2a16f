import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { missingPython, PYTHON } from '../../../../packages/cache/tests/python/peer.ts'
import { pathOf, RedisServer, SERVER_PROGRAM } from '../../../../packages/redis/tests/servers/redis-server.ts'
import { type Page, readPages } from '../pages/documentation-page.ts'
import { Skipped } from '../report-check.ts'
import { NPM } from '../smoke/package-manager.ts'
import type { SmokeCheck } from '../smoke/smoke-check.ts'
import type { Workbench } from '../smoke/workbench.ts'
import { type Call, callColumns } from './migration/call-table.ts'
import { columnProgram } from './migration/column-program.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const PAGES = 'apps/docs/migration'
/** For each page a folder of the programs that it quotes. */
const PROGRAMS = 'tooling/checks/migration'

interface Guide {
  readonly name: string
  readonly isOnRedis?: boolean
}

const GUIDES: readonly Guide[] = [
  { name: 'lru-cache' },
  { name: 'node-cache' },
  { name: 'flat-cache' },
  { name: 'file-system-cache' },
  { name: 'cacache' },
  { name: 'apicache' },
  { name: 'ioredis', isOnRedis: true },
  { name: 'node-redis', isOnRedis: true },
  { name: 'keyv', isOnRedis: true },
  { name: 'bentocache' },
]

/** That in the guides for those who come from another library both columns of the tables give what the page says. */
export const MIGRATION_CHECKS: readonly SmokeCheck[] = [
  ...GUIDES.map((guide) => ({
    title: `migration from ${guide.name}`,
    run: (bench: Workbench) =>
      guide.isOnRedis ? onRedis((url) => follow(guide, bench, url)) : follow(guide, bench),
  })),
  {
    title: 'migration without downtime',
    run: (bench) => runMove({ name: 'without-downtime' }, bench),
  },
  {
    title: 'migration from python-diskcache',
    run: movePython,
  },
]

async function follow(guide: Guide, bench: Workbench, redisUrl?: string): Promise<void> {
  const page = pageOf(guide)
  const { there, here } = callColumns(page)
  checkPromises([...there, ...here], page)
  // Some libraries have no way to end their timers.
  await run(guide, bench, 'there', `${columnProgram(there)}process.exit(0)\n`, redisUrl)
  for (const [title, setup] of setupsOf(page))
    await run(guide, bench, title, columnProgram(here, setup), redisUrl)
  if (existsSync(moveOf(guide))) await runMove(guide, bench, redisUrl)
}

async function runMove(guide: Guide, bench: Workbench, redisUrl?: string): Promise<void> {
  await run(guide, bench, 'move', readFileSync(moveOf(guide), 'utf8'), redisUrl)
}

/** That what Python pickled can be read once the program of the page has rewritten it. */
async function movePython(bench: Workbench): Promise<void> {
  needs(missingPython(), process.env.DISKCACHE_REQUIRE_PYTHON)
  const folder = join(await installed(bench), 'pages/python')
  cpSync(join(ROOT, PROGRAMS, 'python'), folder, { recursive: true })
  for (const program of ['fill.py', 'move.py']) await bench.run(PYTHON, [program], folder)
  await bench.run(process.execPath, ['look.mjs'], folder)
}

/** The program that takes entries along. The page quotes a part of it. */
function moveOf({ name }: Guide): string {
  return join(ROOT, PROGRAMS, name, 'move.mjs')
}

/** Runs the program in an empty folder, from which it finds what is installed. */
async function run(
  guide: Guide,
  bench: Workbench,
  title: string,
  program: string,
  redisUrl: string | undefined,
): Promise<void> {
  const folder = join(await installed(bench), 'pages', guide.name, title)
  mkdirSync(folder, { recursive: true })
  const environment = redisUrl === undefined ? '' : `process.env.REDIS_URL = '${redisUrl}'\n`
  writeFileSync(join(folder, 'program.mjs'), environment + program)
  await bench.run(process.execPath, ['program.mjs'], folder)
}

/** A page without a block of its own for that sets up what it needs in the first lines of its table. */
function setupsOf({ blocks }: Page): [title: string, program: string][] {
  const setups = blocks.flatMap(({ words, text }): [string, string][] => {
    const name = words.find((word) => word.startsWith('from='))
    return name && /\/here-[\w-]+\.mjs$/.test(name) ? [[basename(name, '.mjs'), text]] : []
  })
  return setups.length > 0 ? setups : [['here', '']]
}

/** Otherwise the check would prove nothing. */
function checkPromises(calls: readonly Call[], { path }: Page): void {
  const promises = calls.filter(({ result, error }) => result ?? error)
  if (promises.length < 10)
    throw new Error(`${path}: ${promises.length} results are promised, of 10 at least`)
}

/** Where our packages and the libraries are, in the versions that the pages name: `[lru-cache 11.5.3](…)`. */
async function installed(bench: Workbench): Promise<string> {
  const named = GUIDES.flatMap((guide) => [
    ...pageOf(guide).markdown.matchAll(/\[`?([\w@/-]+)`? (\d+\.\d+\.\d+)`?\]\(/g),
  ])
  const { folder } = await bench.install({
    title: 'migration',
    manager: NPM,
    ours: ['@diskcache/cache', '@diskcache/redis', '@diskcache/recipes', '@diskcache/adapters'],
    others: Object.fromEntries(named.map(([, library, version]) => [library!, version!])),
    // bentocache has a driver for another version of ioredis, which is not used.
    words: ['--force'],
  })
  return folder
}

function pageOf({ name }: Guide): Page {
  const path = `${PAGES}/${name}.md`
  const page = readPages(ROOT).find((page) => page.path === path)
  if (!page) throw new Error(`${path} is missing`)
  return page
}

async function onRedis(run: (url: string) => Promise<void>): Promise<void> {
  const missing = pathOf(SERVER_PROGRAM) === undefined ? `${SERVER_PROGRAM} is not installed` : undefined
  needs(missing, process.env.DISKCACHE_REQUIRE_REDIS)
  const server = await RedisServer.start()
  try {
    await run(server.url)
  } finally {
    await server.stop()
  }
}

/** Skips the check where something is missing, and fails it where that has to be there. */
function needs(missing: string | undefined, isRequired: string | undefined): void {
  if (missing !== undefined) throw isRequired ? new Error(missing) : new Skipped(missing)
}
