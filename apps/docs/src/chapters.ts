/** A page in the list beside all pages. */
export interface PageEntry {
  readonly text: string
  /** Below the root of the repository. */
  readonly page: string
  /** What stands below it: pages, or those that a pattern matches, by their titles. */
  readonly below?: readonly PageEntry[] | string
  /** Whether one has to open what stands below it. */
  readonly isFolded?: boolean
}

export interface Chapter {
  readonly title: string
  readonly pages: readonly PageEntry[]
}

const RECIPES: PageEntry = {
  text: 'Recipes',
  page: 'packages/recipes/README.md',
  below: [
    { text: 'Lock', page: 'apps/docs/recipes/lock.md' },
    { text: 'RLock', page: 'apps/docs/recipes/rlock.md' },
    { text: 'BoundedSemaphore', page: 'apps/docs/recipes/semaphore.md' },
    { text: 'throttle, barrier', page: 'apps/docs/recipes/throttle.md' },
    { text: 'Averager', page: 'apps/docs/recipes/averager.md' },
    { text: 'RollingCounter', page: 'apps/docs/recipes/rolling-counter.md' },
    { text: 'BloomFilter', page: 'apps/docs/recipes/bloom-filter.md' },
    { text: 'getOrSet', page: 'apps/docs/recipes/get-or-set.md' },
    { text: 'The landing page study', page: 'apps/docs/recipes/stampede-study.md' },
    { text: 'A visit counter', page: 'apps/docs/recipes/visit-counter.md' },
    { text: 'A deny list', page: 'apps/docs/recipes/deny-list.md' },
  ],
}

const STUDIES: PageEntry = {
  text: 'Case studies',
  page: 'apps/studies/README.md',
  isFolded: true,
  below: [
    { text: 'Enrichment pipeline', page: 'apps/studies/pipeline/README.md' },
    { text: 'Task queue', page: 'apps/studies/task-queue/README.md' },
    { text: 'Polite client', page: 'apps/studies/polite-client/README.md' },
    { text: 'Two tiers', page: 'apps/studies/two-tiers/README.md' },
    { text: "A website's pages", page: 'apps/studies/website/README.md' },
    { text: 'Batch script', page: 'apps/studies/batch/README.md' },
  ],
}

/** What somebody who has just come needs, and further on what those need who stay. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Start',
    pages: [
      { text: 'What it is', page: 'README.md' },
      { text: 'Tutorial', page: 'apps/docs/tutorial.md' },
      { text: 'How fast, how safe', page: 'apps/docs/speed.md' },
      { text: 'All pages', page: 'apps/docs/README.md' },
      { text: 'Cache', page: 'packages/cache/README.md' },
      { text: 'FanoutCache', page: 'packages/fanout/README.md' },
      { text: 'Deque and Index', page: 'packages/collections/README.md' },
      { text: 'Demo', page: 'apps/demo/README.md' },
    ],
  },
  {
    title: 'Guides',
    pages: [
      { text: 'Synchronous or promises', page: 'apps/docs/promises.md' },
      { text: 'Tests with a cache', page: 'apps/docs/testing.md' },
      { text: 'Transactions', page: 'apps/docs/transactions.md' },
      { text: 'Queues', page: 'apps/docs/queues.md' },
      { text: 'Expiry', page: 'apps/docs/expiry.md' },
      { text: 'Tags', page: 'apps/docs/tags.md' },
      { text: 'Namespaces', page: 'apps/docs/namespaces.md' },
      RECIPES,
      STUDIES,
      { text: 'When the store is away', page: 'apps/docs/absent-stores.md' },
      { text: 'Diagnostics', page: 'apps/docs/diagnostics.md' },
      { text: 'Which size, which policy', page: 'apps/docs/simulate.md' },
      { text: 'Two tiers', page: 'apps/docs/memory.md' },
      { text: 'Encryption', page: 'apps/docs/encryption.md' },
      { text: 'Bundling', page: 'apps/docs/bundling.md' },
      { text: 'Security', page: 'apps/docs/security.md' },
    ],
  },
  {
    title: 'Adapters',
    pages: [
      { text: 'All adapters', page: 'packages/adapters/README.md' },
      { text: 'Keyv', page: 'apps/docs/keyv.md' },
      { text: 'unstorage', page: 'apps/docs/unstorage.md' },
      { text: 'Sessions', page: 'apps/docs/session.md' },
      { text: 'Rate limits', page: 'apps/docs/rate-limit.md' },
      { text: 'NestJS', page: 'apps/docs/nestjs.md' },
      { text: 'undici', page: 'apps/docs/undici.md' },
      { text: 'bentocache', page: 'apps/docs/bentocache.md' },
      { text: 'verrou', page: 'apps/docs/verrou.md' },
      { text: 'Next.js', page: 'apps/docs/next.md' },
      { text: 'Apollo Server', page: 'apps/docs/apollo.md' },
    ],
  },
  {
    title: 'HTTP',
    pages: [
      { text: 'HTTP caching', page: 'apps/docs/http.md' },
      { text: 'What the standards ask', page: 'apps/docs/http-standard.md' },
      { text: 'Express', page: 'apps/docs/express.md' },
      { text: 'An Express application', page: 'apps/express/README.md' },
      { text: 'Fastify', page: 'apps/docs/fastify.md' },
      { text: 'A Fastify application', page: 'apps/fastify/README.md' },
      { text: 'Koa', page: 'apps/docs/koa.md' },
      { text: 'Request and Response', page: 'apps/docs/web.md' },
      { text: 'A Hono application', page: 'apps/hono/README.md' },
    ],
  },
  {
    title: 'Redis',
    pages: [
      { text: 'From one machine to many', page: 'apps/docs/redis.md' },
      { text: 'RedisStore', page: 'packages/redis/README.md' },
    ],
  },
  {
    title: 'Deployment',
    pages: [
      { text: 'Where you run', page: 'apps/docs/deployment/README.md' },
      { text: 'Docker', page: 'apps/docs/deployment/docker.md' },
      { text: 'Kubernetes', page: 'apps/docs/deployment/kubernetes.md' },
      { text: 'systemd, PM2, clusters', page: 'apps/docs/deployment/services.md' },
      { text: 'Serverless', page: 'apps/docs/deployment/serverless.md' },
      { text: 'Operating', page: 'apps/docs/deployment/operating.md' },
      { text: 'Platforms', page: 'apps/docs/deployment/platforms.md' },
    ],
  },
  {
    title: 'Looking into a cache',
    pages: [
      { text: 'The command diskcache', page: 'packages/cli/README.md' },
      { text: 'All commands', page: 'apps/docs/cli.md' },
      { text: 'The doctor', page: 'apps/docs/cli-doctor.md' },
      { text: 'The inspector', page: 'apps/docs/inspector.md' },
      { text: 'In an application', page: 'apps/docs/inspector-middleware.md' },
    ],
  },
  {
    title: 'Coming from',
    pages: [
      { text: 'Python', page: 'apps/docs/python.md' },
      {
        text: 'Another cache',
        page: 'apps/docs/migration/README.md',
        below: 'apps/docs/migration/[a-z]*.md',
      },
    ],
  },
  {
    title: 'Help',
    pages: [
      { text: 'Troubleshooting', page: 'apps/docs/troubleshooting.md' },
      { text: 'Questions', page: 'apps/docs/faq.md' },
      { text: 'Comparison', page: 'apps/docs/comparison.md' },
    ],
  },
]

/** How it is made. */
export const INTERNALS: Chapter = {
  title: 'Internals',
  pages: [
    { text: 'Architecture', page: 'apps/docs/architecture.md' },
    { text: 'Glossary', page: 'apps/docs/glossary.md' },
    { text: 'The core', page: 'packages/core/README.md' },
    { text: 'The format on disk', page: 'apps/docs/format.md' },
    {
      text: 'Decision records',
      page: 'apps/docs/adr/README.md',
      below: 'apps/docs/adr/[0-9]*.md',
      isFolded: true,
    },
    { text: 'The test kit', page: 'tooling/testkit/README.md' },
    { text: 'How the code is written', page: 'apps/docs/contributing.md' },
    { text: 'Faults', page: 'apps/docs/faults.md' },
    { text: 'In slices', page: 'apps/docs/slices.md' },
    { text: 'Benchmarks', page: 'apps/docs/benchmarks.md' },
    { text: 'How it is measured', page: 'apps/bench/README.md' },
    { text: 'How caches are simulated', page: 'tooling/simulation/README.md' },
  ],
}
