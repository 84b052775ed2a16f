import { ok, strictEqual } from 'node:assert'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import { GapMeter } from './gap-meter.ts'

export interface TickingJob {
  readonly directory: string
  /** Milliseconds. */
  readonly duration: number
  /** Uses the cache; otherwise it only ticks. */
  readonly isBusy: boolean
}

/** How many operations there were, and how many milliseconds the longest took. */
interface Tally {
  count: number
  longest: number
}

export interface TickingReport {
  /** Milliseconds between two ticks. */
  readonly largest: number
  readonly p99: number
  readonly sets: Tally
  readonly gets: Tally
}

/** In flight at a time; one in ten is so large that it becomes a file. */
const SETS = 20
const LARGE = 'x'.repeat(50_000)

/** Code that has not run yet is slow, which has nothing to do with locks; in milliseconds. */
const WARM_UP = 500

role<TickingJob, TickingReport>(async ({ directory, duration, isBusy }, barrier) => {
  await using promises = new Cache(directory).promises
  await promises.set('read', LARGE, { pin: true })
  await barrier()
  if (isBusy) await work(promises, WARM_UP)
  const meter = new GapMeter()
  const tallies = isBusy ? await work(promises, duration) : await idle(duration)
  return { ...meter.stop(), ...tallies }
})

type Promises = Cache['promises']

async function work(promises: Promises, duration: number): Promise<{ sets: Tally; gets: Tally }> {
  const end = performance.now() + duration
  const [sets, gets] = await Promise.all([
    repeat(end, (i) => setSome(promises, i)),
    repeat(end, () => get(promises)),
  ])
  return { sets, gets }
}

async function idle(duration: number): Promise<{ sets: Tally; gets: Tally }> {
  await setTimeout(duration)
  return { sets: { count: 0, longest: 0 }, gets: { count: 0, longest: 0 } }
}

async function repeat(end: number, act: (i: number) => Promise<number>): Promise<Tally> {
  const tally = { count: 0, longest: 0 }
  while (performance.now() < end) {
    const start = performance.now()
    tally.count += await act(tally.count)
    tally.longest = Math.max(tally.longest, performance.now() - start)
    // As requests come to a server, rather than as fast as it can.
    await setTimeout(1)
  }
  return tally
}

async function setSome(promises: Promises, first: number): Promise<number> {
  const sets = Array.from({ length: SETS }, (_, i) => {
    return promises.set(`key ${(first + i) % 1_000}`, i % 10 === 0 ? `${first} ${LARGE}` : first + i)
  })
  ok((await Promise.all(sets)).every(Boolean))
  return SETS
}

async function get(promises: Promises): Promise<number> {
  strictEqual(await promises.get('read'), LARGE)
  return 1
}
