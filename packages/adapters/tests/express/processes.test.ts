import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { type Answer, ask } from '../http/http-client.ts'
import { killingRounds } from './processes/killing-rounds.ts'
import { passLargeResponse } from './processes/large-response.ts'
import { runsIn } from './processes/runs.ts'
import type { ServerJob } from './processes/server.ts'
import { ServerProcess } from './processes/server-process.ts'

/** MiB of the long response; the stress run takes 1,024. */
const LARGE = 64

/** MiB in use by which a server may grow while it passes on a response of any length. */
const MEMORY_LIMIT = 16

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
      runs: () => runsIn(log),
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
  directory,
}) => {
  const { answered, runs } = await killingRounds({ directory, rounds: 2, requests: 200 })
  expect([answered, runs]).toEqual([200, 4])
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
  const { used, sizes } = await passLargeResponse(server, LARGE)
  expect(sizes).toEqual([LARGE * 2 ** 20, LARGE * 2 ** 20])
  expect(servers.runs().length).toBe(2)
  expect(used / 2 ** 20).toBeLessThan(MEMORY_LIMIT)
})
