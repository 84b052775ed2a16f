import { deepStrictEqual, fail, ok } from 'node:assert'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type AnyStore, getFenced } from '@diskcache/recipes'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { expectNone } from '../../../../packages/cache/tests/processes/soundness.ts'
import { Child } from '../../../../packages/recipes/tests/processes/child.ts'
import {
  CAPACITIES,
  type Histories,
  makeRecipe,
  PLACES,
  type Place,
  type Recipe,
} from '../workers/recipes/door-and-hall.ts'
import { momentsIn } from '../workers/recipes/hold-history.ts'
import { nameOf, openStore, type StorePlace } from '../workers/recipes/open-store.ts'
import type { StoppedJob, StoppedReport } from '../workers/recipes/stopped-holder.ts'
import { Crowd } from './recipes-crowd.ts'
import { expectFenced, fencedWritesOf } from './recipes-fenced-writes.ts'
import { expectAtMost, expectIncreasingTokens, expectTokensInOrder, spansOf } from './recipes-hold-spans.ts'

export interface HoldingPlan extends StorePlace {
  /** For the histories. */
  readonly notes: string
  readonly seed: number
  /** How often one process is killed, and another stopped. */
  readonly rounds: number
  /** How many there are beside the one that is stopped while it holds; seven unless given. */
  readonly crowd?: number
  /** How often a process is stopped, in all; twice in each round unless given. */
  readonly stops?: number
}

const STOPPED = new URL('../workers/recipes/stopped-holder.ts', import.meta.url)
const RECIPES = ['Lock', 'RLock', 'BoundedSemaphore'] as const satisfies Recipe[]

/** Milliseconds. */
const LEASE = 500
const LONGEST_WAIT = 60_000

/** Processes hold locks and semaphores, and write under their tokens, while some are killed, and some stopped for longer than a lease. */
export async function holdingRun(plan: HoldingPlan): Promise<string[]> {
  const { notes, seed, rounds, crowd: size = 7, stops = 2 * rounds, ...place } = plan
  using store = openStore(place)
  const histories: Histories = { door: join(notes, 'door'), hall: join(notes, 'hall') }
  const random = new Random(seed)
  await using crowd = new Crowd({ ...place, seed, lease: LEASE, histories }, random)
  await crowd.grow(size)
  await Promise.all([disturb(crowd, random, rounds, stops - rounds), stopHolders(store, place, rounds)])
  crowd.expectAlive()
  await crowd[Symbol.asyncDispose]()
  await expectFree(store)
  expectNone(store.check(), 'check()')
  return [
    `${nameOf(place)}: ${size + 1} processes, ${crowd.killed} killed, ${crowd.stopped} stopped at random, ` +
      `${rounds} while they held: these find that it is lost, and their writes are refused`,
    await verify('door', store, histories),
    await verify('hall', store, histories),
  ]
}

async function disturb(crowd: Crowd, random: Random, kills: number, stops: number): Promise<void> {
  for (let round = 0; round < Math.max(kills, stops); round++) {
    await delay(random.below(300))
    const kill = round < kills ? crowd.kill() : undefined
    await Promise.all([kill, round < stops ? crowd.stop(LEASE * (1.2 + random.next())) : undefined])
  }
}

/** One process after the other is stopped while it holds, until its lease is over and somebody else has written; then it goes on. */
async function stopHolders(store: AnyStore, place: StorePlace, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const recipe = RECIPES[round % RECIPES.length] as Recipe
    const job: StoppedJob = { ...place, recipe, lease: LEASE }
    await using holder = new Child(STOPPED, job)
    const token = await holder.hear<number>()
    holder.signal('SIGSTOP')
    // In a semaphore others write whether or not this one's lease is over.
    await Promise.all([delay(LEASE * 1.2), untilFenced(store, PLACES[recipe], token)])
    holder.signal('SIGCONT')
    holder.tell('go on')
    const code = 'ERR_DISKCACHE_LOCK_LOST'
    const expected: StoppedReport = { isLost: true, checkCode: code, releaseCode: code, isStored: false }
    deepStrictEqual(await holder.hear<StoppedReport>(), expected, `a ${recipe} that was stopped`)
  }
}

/** Until something is written with a higher token. */
async function untilFenced(store: AnyStore, place: Place, token: number): Promise<void> {
  for (const end = performance.now() + LONGEST_WAIT; performance.now() < end; await delay(20)) {
    const fenced = await getFenced(store, place)
    if (fenced !== undefined && fenced.token > token) return
  }
  fail(`nobody took over the ${place} from a holder that was stopped`)
}

/** When all leases are over, none of the dead keeps anything. */
async function expectFree(store: AnyStore): Promise<void> {
  await delay(LEASE + 50)
  for (const recipe of RECIPES) {
    const places = Array.from({ length: CAPACITIES[PLACES[recipe]] }, () => {
      return makeRecipe(recipe, store, LEASE * 20).acquire({ timeout: 0 })
    })
    for (const hold of await Promise.all(places)) await hold.release()
  }
}

async function verify(place: Place, store: AnyStore, histories: Histories): Promise<string> {
  const moments = momentsIn(histories[place])
  const spans = spansOf(moments, LEASE)
  const most = expectAtMost(CAPACITIES[place], spans)
  expectIncreasingTokens(spans)
  if (CAPACITIES[place] === 1) expectTokensInOrder(spans)
  const writes = fencedWritesOf(moments)
  expectFenced(writes, (await getFenced(store, place))?.token ?? 0)
  const lost = moments.filter(({ kind }) => kind === 'lost').length
  const refused = writes.filter(({ outcome }) => outcome === 'refused').length
  ok(most === CAPACITIES[place], `at most ${most} ever held the ${place}`)
  return (
    `${place}: ${spans.length} holds, at most ${most} at a time, ${lost} lost; tokens increase; ` +
    `${writes.length} writes under a token, ${refused} refused, each as it must`
  )
}
