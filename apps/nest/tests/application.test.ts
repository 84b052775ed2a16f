import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { test as base, expect, vi } from 'vitest'
import { ApplicationProcess, type Format } from './application-process.ts'

/** Longer than any test takes, in milliseconds. */
const FOR_EVER = 600_000

interface Cluster {
  readonly directory: string
  /** A process of each kind, on one directory; a query takes so many milliseconds in the one and in the other. */
  startTwo(...queryTimes: readonly [number?, number?]): Promise<[ApplicationProcess, ApplicationProcess]>
  start(format: Format, queryTime?: number): Promise<ApplicationProcess>
  /** The queries that all processes have sent so far. */
  queries(): string[]
}

const test = base.extend<{ cluster: Cluster }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  cluster: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-nest-example-'))
    await using processes = new AsyncDisposableStack()
    const start: Cluster['start'] = async (format, queryTime = 20) =>
      processes.use(await ApplicationProcess.start(format, directory, queryTime))
    await use({
      directory,
      start,
      startTwo: (first, second = first) => Promise.all([start('commonjs', first), start('esm', second)]),
      queries: () => queriesIn(directory),
    })
    await processes.disposeAsync()
    expectSound(directory)
    rmSync(directory, { recursive: true, force: true })
  },
})

test('ArticlesController.find() computes in one process and hits in the other', async ({ cluster }) => {
  const [first, second] = await cluster.startTwo()
  const { body } = await first.send('articles/1')
  expect(body).toEqual({ id: 1, title: 'On caches', author: 'ada' })
  expect((await second.send('articles/1')).body).toEqual(body)
  expect((await first.send('articles/1/visits')).body).toEqual({ visits: 2 })
  expect(cluster.queries()).toEqual([`${first.pid} find 1`])
})

test('ArticlesController.list() and count() miss in one process and hit in the other', async ({
  cluster,
}) => {
  const [first, second] = await cluster.startTwo()
  for (const path of ['articles', 'articles/count']) {
    const missed = await first.send(path)
    expect(missed.cache).toBe('MISS')
    // It is written after the response has been sent.
    await vi.waitFor(async () => expect(await second.send(path)).toEqual({ ...missed, cache: 'HIT' }))
  }
})

test('ArticlesController.update() in one process removes what has the tag in the other', async ({
  cluster,
}) => {
  const [first, second] = await cluster.startTwo()
  await second.send('articles/1')
  await second.send('articles/2')
  await vi.waitFor(async () => expect((await second.send('articles')).cache).toBe('HIT'))
  const body = { title: 'On caches, again' }
  expect((await first.send('articles/1', { method: 'PUT', body })).status).toBe(200)
  expect((await second.send('articles/1')).body).toMatchObject(body)
  expect(await second.send('articles')).toMatchObject({ cache: 'MISS', body: [body, { id: 2 }] })
  expect((await second.send('articles/2')).status).toBe(200)
  expect(cluster.queries().filter((query) => query.endsWith('find 2'))).toHaveLength(1)
})

test('ArticlesController.find() computes once when both processes are asked at the same time', async ({
  cluster,
}) => {
  const processes = await cluster.startTwo(200)
  const asked = [...processes, ...processes, ...processes].map((process) => process.send('articles/2'))
  for (const { status } of await Promise.all(asked)) expect(status).toBe(200)
  expect(cluster.queries()).toHaveLength(1)
})

test('ArticlesController.find() answers 404 in both processes when one of them found nothing', async ({
  cluster,
}) => {
  const processes = await cluster.startTwo(200)
  const answers = await Promise.all(processes.map((process) => process.send('articles/9')))
  const body = { statusCode: 404, message: 'There is no article 9', error: 'Not Found' }
  expect(answers).toMatchObject([
    { status: 404, body },
    { status: 404, body },
  ])
})

test('ArticlesController.mine() gives no user what belongs to another', async ({ cluster }) => {
  const [first, second] = await cluster.startTwo()
  for (const user of ['ada', 'grace']) {
    const mine = [expect.objectContaining({ author: user })]
    expect(await first.send('articles/mine', { user })).toMatchObject({ cache: 'MISS', body: mine })
    await vi.waitFor(async () =>
      expect(await second.send('articles/mine', { user })).toMatchObject({ cache: 'HIT', body: mine }),
    )
  }
  expect((await second.send('articles/mine')).status).toBe(403)
  expect((await second.send('articles', { user: 'ada' })).cache).toBe('BYPASS')
})

test('Account.summary(), whose objects belong to a request, gives no user what belongs to another', async ({
  cluster,
}) => {
  const processes = await cluster.startTwo()
  for (const process of processes)
    for (const user of ['ada', 'grace', 'linus'])
      expect(await process.send('account', { user })).toMatchObject({
        body: { summary: `${user} has written ${user === 'linus' ? 0 : 1} articles` },
      })
  expect(cluster.queries()).toHaveLength(3)
})

test.skipIf(process.platform === 'win32').for<Format>(['esm', 'commonjs'])(
  'SIGTERM lets a request end, closes the store, and ends the process with 0: %s',
  async (format, { cluster }) => {
    const process = await cluster.start(format, 500)
    const pending = process.send('articles/1')
    await vi.waitFor(() => expect(cluster.queries()).toHaveLength(1))
    const ended = process.stop('SIGTERM')
    expect((await pending).status).toBe(200)
    expect(await ended).toEqual({ code: 0, signal: null })
    expect(process.output).not.toMatch(/ERROR|WARN/)
    // The last connection that is closed removes the write-ahead log.
    expect(existsSync(`${cluster.directory}/cache/cache.db-wal`)).toBe(false)
    const next = await cluster.start(format)
    expect(await next.send('health')).toEqual({ status: 200, body: { cache: { status: 'up' } } })
    expect((await next.send('articles/1')).status).toBe(200)
    expect(cluster.queries()).toHaveLength(1)
  },
)

test('SIGKILL of one process does not disturb the other', async ({ cluster }) => {
  const [killed, other] = await cluster.startTwo()
  const load = Array.from({ length: 20 }, (_, id) => killed.send(`articles/${id}`).catch(() => {}))
  await killed.send('articles/1')
  await killed.stop('SIGKILL')
  await Promise.all(load)
  for (const path of ['articles/1', 'articles', 'articles/count', 'health'])
    expect((await other.send(path)).status).toBe(200)
  expect((await other.send('articles/1', { method: 'PUT', body: { title: 'new' } })).status).toBe(200)
  expect((await other.send('articles/1')).body).toMatchObject({ title: 'new' })
  expect(other.output).not.toMatch(/ERROR|WARN/)
})

test('ArticlesController.find() is computed by another process when the one that does is killed', async ({
  cluster,
}) => {
  const [killed, other] = await cluster.startTwo(FOR_EVER, 20)
  const lost = killed.send('articles/1').catch(() => 'lost')
  await vi.waitFor(() => expect(cluster.queries()).toEqual([`${killed.pid} find 1`]))
  const waiting = other.send('articles/1')
  await killed.stop('SIGKILL')
  expect(await lost).toBe('lost')
  expect(await waiting).toMatchObject({ status: 200, body: { id: 1 } })
  expect(cluster.queries()).toEqual([`${killed.pid} find 1`, `${other.pid} find 1`])
})

function queriesIn(directory: string): string[] {
  const log = join(directory, 'data', 'queries.log')
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []
}

function expectSound(directory: string): void {
  using cache = new Cache(join(directory, 'cache'))
  expect(cache.check()).toEqual([])
}
