import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'
import { siteAddress } from './pages/site-pages.ts'
import { NAVIGATION_FILE, type NavigationItem } from './reference/reference-folder.ts'
import { ROOT } from './repository.ts'

type Item = DefaultTheme.SidebarItem

/** Beside the pages of a door stands the list of what it exports, beside all others that of all pages. */
export function sidebar(): DefaultTheme.SidebarMulti {
  const doors = readNavigation()
  const ofDoors = doors.map((door) => [referenceAddress(door.path), referenceGroups(doors, door)])
  return { '/': pageGroups(doors), '/reference/': referenceGroups(doors), ...Object.fromEntries(ofDoors) }
}

function pageGroups(doors: readonly NavigationItem[]): Item[] {
  return [
    start(),
    guides(),
    adapters(),
    group('Looking into a cache', [
      page('The command diskcache', 'packages/cli/README.md'),
      page('All commands', 'apps/docs/cli.md'),
      page('The doctor', 'apps/docs/cli-doctor.md'),
      page('The inspector', 'apps/docs/inspector.md'),
      page('In an application', 'apps/docs/inspector-middleware.md'),
    ]),
    help(),
    httpCaching(),
    deployment(),
    redis(),
    group('Coming from', [page('Python', 'apps/docs/python.md'), migration()]),
    group('Reference', [{ text: 'Every export', link: '/reference/' }, ...doors.map(doorLink)]),
    internals(),
  ]
}

function start(): Item {
  return group('Start', [
    page('What it is', 'README.md'),
    page('Tutorial', 'apps/docs/tutorial.md'),
    page('All pages', 'apps/docs/README.md'),
    page('Cache', 'packages/cache/README.md'),
    page('FanoutCache', 'packages/fanout/README.md'),
    page('Deque and Index', 'packages/collections/README.md'),
    page('Demo', 'apps/demo/README.md'),
  ])
}

function adapters(): Item {
  return group('Adapters', [
    page('All adapters', 'packages/adapters/README.md'),
    page('Keyv', 'apps/docs/keyv.md'),
    page('unstorage', 'apps/docs/unstorage.md'),
    page('Sessions', 'apps/docs/session.md'),
    page('Rate limits', 'apps/docs/rate-limit.md'),
    page('NestJS', 'apps/docs/nestjs.md'),
    page('undici', 'apps/docs/undici.md'),
    page('bentocache', 'apps/docs/bentocache.md'),
    page('verrou', 'apps/docs/verrou.md'),
    page('Next.js', 'apps/docs/next.md'),
    page('Apollo Server', 'apps/docs/apollo.md'),
  ])
}

function guides(): Item {
  return group('Guides', [
    page('Synchronous or promises', 'apps/docs/promises.md'),
    page('Transactions', 'apps/docs/transactions.md'),
    page('Queues', 'apps/docs/queues.md'),
    page('Expiry', 'apps/docs/expiry.md'),
    page('Tags', 'apps/docs/tags.md'),
    page('Namespaces', 'apps/docs/namespaces.md'),
    recipes(),
    studies(),
    page('When the store is away', 'apps/docs/absent-stores.md'),
    page('Diagnostics', 'apps/docs/diagnostics.md'),
    page('Which size, which policy', 'apps/docs/simulate.md'),
    page('Two tiers', 'apps/docs/memory.md'),
    page('Encryption', 'apps/docs/encryption.md'),
    page('Bundling', 'apps/docs/bundling.md'),
    page('Security', 'apps/docs/security.md'),
  ])
}

function help(): Item {
  return group('Help', [
    page('Troubleshooting', 'apps/docs/troubleshooting.md'),
    page('Questions', 'apps/docs/faq.md'),
    page('Comparison', 'apps/docs/comparison.md'),
  ])
}

function httpCaching(): Item {
  return group('HTTP', [
    page('HTTP caching', 'apps/docs/http.md'),
    page('What the standards ask', 'apps/docs/http-standard.md'),
    page('Express', 'apps/docs/express.md'),
    page('An Express application', 'apps/express/README.md'),
    page('Fastify', 'apps/docs/fastify.md'),
    page('A Fastify application', 'apps/fastify/README.md'),
    page('Koa', 'apps/docs/koa.md'),
    page('Request and Response', 'apps/docs/web.md'),
    page('A Hono application', 'apps/hono/README.md'),
  ])
}

function studies(): Item {
  const items = [
    page('Enrichment pipeline', 'apps/studies/pipeline/README.md'),
    page('Task queue', 'apps/studies/task-queue/README.md'),
    page('Polite client', 'apps/studies/polite-client/README.md'),
    page('Two tiers', 'apps/studies/two-tiers/README.md'),
    page("A website's pages", 'apps/studies/website/README.md'),
    page('Batch script', 'apps/studies/batch/README.md'),
  ]
  return { ...page('Case studies', 'apps/studies/README.md'), collapsed: true, items }
}

function deployment(): Item {
  return group('Deployment', [
    page('Where you run', 'apps/docs/deployment/README.md'),
    page('Docker', 'apps/docs/deployment/docker.md'),
    page('Kubernetes', 'apps/docs/deployment/kubernetes.md'),
    page('systemd, PM2, clusters', 'apps/docs/deployment/services.md'),
    page('Serverless', 'apps/docs/deployment/serverless.md'),
    page('Operating', 'apps/docs/deployment/operating.md'),
    page('Platforms', 'apps/docs/deployment/platforms.md'),
  ])
}

function redis(): Item {
  return group('Redis', [
    page('From one machine to many', 'apps/docs/redis.md'),
    page('RedisStore', 'packages/redis/README.md'),
  ])
}

function internals(): Item {
  return group('Internals', [
    page('Architecture', 'apps/docs/architecture.md'),
    page('Glossary', 'apps/docs/glossary.md'),
    page('The core', 'packages/core/README.md'),
    page('The format on disk', 'apps/docs/format.md'),
    decisionRecords(),
    page('The test kit', 'tooling/testkit/README.md'),
    page('How the code is written', 'apps/docs/contributing.md'),
    page('Faults', 'apps/docs/faults.md'),
    page('In slices', 'apps/docs/slices.md'),
    page('Benchmarks', 'apps/docs/benchmarks.md'),
    page('How it is measured', 'apps/bench/README.md'),
    page('How caches are simulated', 'tooling/simulation/README.md'),
  ])
}

function recipes(): Item {
  const items = [
    page('Lock', 'apps/docs/recipes/lock.md'),
    page('RLock', 'apps/docs/recipes/rlock.md'),
    page('BoundedSemaphore', 'apps/docs/recipes/semaphore.md'),
    page('throttle, barrier', 'apps/docs/recipes/throttle.md'),
    page('Averager', 'apps/docs/recipes/averager.md'),
    page('RollingCounter', 'apps/docs/recipes/rolling-counter.md'),
    page('BloomFilter', 'apps/docs/recipes/bloom-filter.md'),
    page('getOrSet', 'apps/docs/recipes/get-or-set.md'),
    page('The landing page study', 'apps/docs/recipes/stampede-study.md'),
    page('A visit counter', 'apps/docs/recipes/visit-counter.md'),
    page('A deny list', 'apps/docs/recipes/deny-list.md'),
  ]
  return { ...page('Recipes', 'packages/recipes/README.md'), collapsed: false, items }
}

function migration(): Item {
  const items = globSync('apps/docs/migration/[a-z]*.md', { cwd: ROOT })
    .sort()
    .map((path) => page(titleOf(path).replace('From ', ''), path))
  return { ...page('Another cache', 'apps/docs/migration/README.md'), items }
}

function decisionRecords(): Item {
  const items = globSync('apps/docs/adr/[0-9]*.md', { cwd: ROOT })
    .sort()
    .map((path) => page(titleOf(path), path))
  return { ...page('Decision records', 'apps/docs/adr/README.md'), collapsed: true, items }
}

/** It cannot be folded: that would be a button within a button. */
function group(text: string, items: Item[]): Item {
  return { text, items }
}

function page(text: string, path: string): Item {
  return { text, link: siteAddress(path) }
}

function titleOf(path: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1] ?? path
}

function readNavigation(): NavigationItem[] {
  if (!existsSync(NAVIGATION_FILE)) throw new Error('The reference is missing: run `pnpm run docs`')
  return JSON.parse(readFileSync(NAVIGATION_FILE, 'utf8'))
}

/** The doors, with the exports of the one that is looked at: all of them would make every page large. */
function referenceGroups(doors: readonly NavigationItem[], open?: NavigationItem): Item[] {
  const items = doors.map((door) => {
    const exports = door === open && { items: (door.children ?? []).map(doorLink), collapsed: false }
    return { ...doorLink(door), ...exports }
  })
  return [{ text: 'Reference', link: '/reference/' }, ...items]
}

function doorLink({ title, path }: NavigationItem): Item {
  return { text: title, link: referenceAddress(path) }
}

function referenceAddress(path: string): string {
  return siteAddress(`apps/docs/reference/${path}`)
}
