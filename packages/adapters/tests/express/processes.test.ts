import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { type Answer, ask } from './http-client.ts'
import type { ServerJob } from './processes/server.ts'
import { ServerProcess } from './processes/server-process.ts'

/** MiB of the long response, 64; the stress run takes 1,024. */
const LARGE = Number(process.env.DISKCACHE_LARGE_RESPONSE ?? 64)

/** MiB that a server may grow by while it passes on a response of any length. */
const MEMORY_LIMIT = 48

interface Servers {
  start(options?: ServerJob['options']): Promise<ServerProcess>
  /** The process of each run of a handler. */
  runs(): string[]
}

const test = directoryTest.extend<{ servers: Servers }>({
  servers: async ({ directory }, use) => {
    const log = join(directory, 'runs')
    const store = join(directory, 'store')
    await using started = new AsyncDisposableStack()
    await use({
      start: async (options = {}) => {
        const server = await ServerProcess.start({ directory: store, log, options })
        return started.use(server)
      },
      runs: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    })
    await started.disposeAsync()
    using cache = new Cache(store, { clock: () => Date.now() + 3_600_000 })
    cache.expire()
    cache.check({ fix: true })
    expect(cache.check()).toEqual([])
  },
})

/** All servers are one host. */
const headers = { host: 'example.com' }

function askAll(servers: readonly ServerProcess[], count: number, path: string): Promise<Answer[]> {
  const asked = Array.from({ length: count }, (_, at) => servers[at % servers.length] as ServerProcess)
  return Promise.all(asked.map((server) => ask(server.origin + path, { headers })))
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(10)
}

test('cacheResponses() answers in one process what another has stored', async ({ servers }) => {
  const [one, other] = await Promise.all([servers.start(), servers.start()])
  await ask(`${one.origin}/slow/0`, { headers })
  const answer = await ask(`${other.origin}/slow/0`, { headers })
  expect(answer.text).toBe('slow, but the same for all')
  expect(servers.runs()).toEqual([String(one.pid)])
})

test('cacheResponses() runs the handler once for 200 requests to two processes', async ({ servers }) => {
  const both = await Promise.all([servers.start(), servers.start()])
  const answers = await askAll(both, 200, '/slow/300')
  expect(answers.every(({ status, text }) => status === 200 && text === 'slow, but the same for all')).toBe(
    true,
  )
  expect(servers.runs().length).toBe(1)
})

test('cacheResponses() gives everybody a complete answer though the computing process is killed', async ({
  servers,
}) => {
  const options = { collapse: { lease: 500 } }
  const [doomed, other] = await Promise.all([servers.start(options), servers.start(options)])
  const lost = ask(`${doomed.origin}/slow/1000`, { headers }).catch(() => 'lost')
  await until(() => servers.runs().length === 1)
  const waiting = askAll([other], 50, '/slow/1000')
  await doomed.kill()
  expect(await lost).toBe('lost')
  const answers = await waiting
  expect(answers.every(({ status, text }) => status === 200 && text === 'slow, but the same for all')).toBe(
    true,
  )
  expect(servers.runs()).toEqual([String(doomed.pid), String(other.pid)])
})

test('cacheResponses() leaves no half response when its process is killed while it stores', async ({
  servers,
}) => {
  const options = { maxBodySize: 1e10, collapse: { lease: 500 } }
  for (let round = 0; round < 2; round++) {
    const doomed = await servers.start(options)
    const cut = ask(`${doomed.origin}/large/32?${round}`, { headers }).catch(() => 'cut')
    await until(() => servers.runs().length === round * 2 + 1)
    await delay(40 * round)
    await doomed.kill()
    const other = await servers.start(options)
    const answer = await ask(`${other.origin}/large/32?${round}`, { headers })
    expect(answer.body.length).toBe(32 * 2 ** 20)
    expect(['cut', 32 * 2 ** 20]).toContain(typeof (await cut) === 'string' ? 'cut' : 32 * 2 ** 20)
    while (servers.runs().length < round * 2 + 2)
      await ask(`${other.origin}/slow/0?${Math.random()}`, { headers })
    await other.kill()
  }
})

test(`cacheResponses() passes ${LARGE} MiB on and stores them in bounded memory`, async ({ servers }) => {
  const options = { maxBodySize: 2 ** 40, cache: { sizeLimit: 2 ** 40 } }
  const server = await servers.start(options)
  await drain(`${server.origin}/large/1`)
  const before = await server.memory()
  let most = 0
  let isDone = false
  const watching = (async () => {
    while (!isDone) {
      most = Math.max(most, await server.memory())
      await delay(20)
    }
  })()
  for (let round = 0; round < 2; round++)
    expect(await drain(`${server.origin}/large/${LARGE}`)).toBe(LARGE * 2 ** 20)
  isDone = true
  await watching
  expect(servers.runs().length).toBe(2)
  expect((most - before) / 2 ** 20).toBeLessThan(MEMORY_LIMIT)
})

/** Reads an answer, and gives its length. */
function drain(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let size = 0
    const sent = request(url, { headers }, (res) => {
      res.on('data', (chunk: Buffer) => {
        size += chunk.length
      })
      res.on('end', () => resolve(size)).on('error', reject)
    })
    sent.on('error', reject)
    sent.end()
  })
}
