import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { RedisStore } from '@diskcache/redis'
import type { AnyFace, Made, User } from '../../../../packages/adapters/tests/absent/user.ts'
import { openUsers } from '../../../../packages/adapters/tests/absent/users.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import { collectGarbage } from '../workers/collect-garbage.ts'
import { type Asked, ask } from './asking.ts'
import { type HealthChange, HealthLog } from './health-log.ts'
import { type Attempt, hold } from './holding.ts'
import { HOT_KEYS, keysAsked } from './keys-asked.ts'
import { now } from './now.ts'

export interface AbsentJob {
  readonly place: { readonly directory: string } | { readonly url: string }
  readonly seed: number
  /** How many requests each user makes. */
  readonly requests: number
  /** When memory is measured, in milliseconds from the start. */
  readonly measures: readonly number[]
  /** How long the event loop is kept busy in each second, in milliseconds. */
  readonly busy: number
}

export interface AbsentReport {
  readonly users: readonly Asked[]
  readonly attempts: readonly Attempt[]
  readonly changes: readonly HealthChange[]
  /** The stores that are not up in the end. */
  readonly troubled: readonly string[]
  /** All of them. */
  readonly stores: readonly string[]
  /** Rejections that nobody handled. */
  readonly unhandled: readonly string[]
  /** Bytes in use, at the times that were asked for, and in the end. */
  readonly memory: readonly number[]
}

/** How long it takes to compute a value, in milliseconds. */
const WORK = 5

const unhandled: string[] = []
process.on('unhandledRejection', (error) => unhandled.push(String((error as Error)?.stack ?? error)))

role<AbsentJob, AbsentReport>(async ({ place, seed, requests, measures, busy }, barrier) => {
  await using stack = new AsyncDisposableStack()
  using health = new HealthLog()
  const storeOf = (name: string) => {
    const store = stack.adopt(openStore(place, name), close)
    health.watch(name, store)
    return store
  }
  const users = await openUsers(storeOf, compute)
  for (const { user } of users) stack.use(user)
  await Promise.all(users.map(({ user }) => warmUp(user)))
  const rates = storeOf('recipes')
  const keys = keysAsked(seed, requests)
  await barrier()
  const start = now()
  const memory = measures.map((time) => memoryAfter(time))
  using _blocking = keepBusy(busy)
  const [asked, attempts] = await Promise.all([ask(users, keys, start), hold(rates, start + requests * 20)])
  return {
    users: asked,
    attempts,
    unhandled,
    changes: health.changes,
    troubled: health.troubled,
    stores: health.stores,
    memory: [...(await Promise.all(memory)), await memoryAfter(0)],
  }
})

async function warmUp(user: User): Promise<void> {
  for (const key of HOT_KEYS) await user.ask(key)
}

async function compute(): Promise<Made> {
  await delay(WORK)
  return { made: now() }
}

function openStore(place: AbsentJob['place'], name: string): AnyFace {
  if ('directory' in place) return new Cache(join(place.directory, name))
  return new RedisStore({ url: place.url, prefix: name })
}

async function close(store: AnyFace): Promise<void> {
  await ('promises' in store ? store.promises : store).close()
}

async function memoryAfter(time: number): Promise<number> {
  await delay(time)
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Keeps the event loop busy for so long in each second. */
function keepBusy(time: number): Disposable {
  const timer = setInterval(() => {
    const end = performance.now() + time
    while (performance.now() < end) {}
  }, 1_000)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
