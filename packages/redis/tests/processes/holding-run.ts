import { deepStrictEqual, ok } from 'node:assert'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { getFenced } from '@diskcache/recipes'
import { Child } from '../../../recipes/tests/processes/child.ts'
import { mostAtATime, spansIn } from '../../../recipes/tests/processes/history.ts'
import { RedisStore } from '../../src/index.ts'
import type { RedisServer } from '../servers/redis-server.ts'
import type { HoldingJob } from './holding-worker.ts'

const WORKER = new URL('./holding-worker.ts', import.meta.url)

export interface HoldingRun {
  readonly server: RedisServer
  readonly prefix: string
  /** Empty, for the histories. */
  readonly directory: string
  readonly workers: number
  readonly rounds: number
}

/**
 * Processes that hold a lock and a semaphore in turn. Each round kills one, which is replaced, and stops for longer than
 * a lease another, or Redis. Throws when more held than may, or tokens or writes came out of turn; gives figures.
 */
export async function holdingRun({
  server,
  prefix,
  directory,
  workers,
  rounds,
}: HoldingRun): Promise<string> {
  const at = (name: string) => join(directory, name)
  const [locks, semaphores, writes] = [at('locks'), at('semaphores'), at('writes')]
  const job: HoldingJob = { url: server.url, prefix, lease: 300, locks, semaphores, writes }
  await disturb(server, job, workers, rounds)
  const spans = spansIn(locks)
  deepStrictEqual([mostAtATime(spans), mostAtATime(spansIn(semaphores))], [1, 2], 'how many held at a time')
  const tokens = spans.map(({ token }) => token)
  const sorted = tokens.toSorted((a, b) => a - b)
  deepStrictEqual(tokens, sorted, 'tokens in the order of time')
  ok(tokens.length > rounds, `only ${tokens.length} holds in ${rounds} rounds`)
  await expectLastWrite(job)
  return `${tokens.length} holds by ${workers} processes, ${rounds} killed, ${rounds} times something stood still`
}

async function disturb(server: RedisServer, job: HoldingJob, count: number, rounds: number): Promise<void> {
  await using children = new AsyncDisposableStack()
  const start = async () => {
    const child = children.use(new Child(WORKER, job))
    await child.hear()
    return child
  }
  const workers = await Promise.all(Array.from({ length: count }, start))
  for (let round = 0; round < rounds; round++) {
    await delay(150)
    workers.shift()?.signal('SIGKILL')
    workers.push(await start())
    const stopped = workers[0] as Child
    const [stop, goOn] =
      round % 2 === 0
        ? [() => stopped.signal('SIGSTOP'), () => stopped.signal('SIGCONT')]
        : [() => server.pause(), () => server.resume()]
    stop()
    await delay(job.lease * 1.5)
    goOn()
  }
  await delay(300)
  ok(
    workers.every(({ isRunning }) => isRunning),
    'a worker has failed',
  )
}

/** What stands there was written under the highest token that was accepted. */
async function expectLastWrite({ url, prefix, writes }: HoldingJob): Promise<void> {
  await using store = new RedisStore({ url, prefix })
  const highest = Math.max(...spansIn(writes).map(({ token }) => token))
  const last = await getFenced(store, 'data')
  ok(last !== undefined && last.token >= highest, `${last?.token} stands there after ${highest}`)
  deepStrictEqual(last.value, `written under ${last.token}`)
  deepStrictEqual(await store.check(), [])
}
