import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { Workload } from '../measuring/workload.ts'
import { FACES, type FaceName } from './faces.ts'
import type { Service } from './service.ts'

/** The longest time between two ticks of an event loop, and the operation that took longest; milliseconds. */
export interface LoopReport {
  readonly gap: number
  readonly longest: number
}

/** Milliseconds between two ticks. */
const TICK = 10

/** In flight at a time, one of them so large that it becomes a file. */
const SETS = 20
const LARGE = 'x'.repeat(50_000)

/** Code that has not run yet is slow, which has nothing to do with locks; in milliseconds. */
export const WARM_UP = 500

/**
 * A process whose event loop is watched: while it does nothing (`idle`) or uses the promises of a cache (`busy`) for so
 * many milliseconds, or during each operation of a promise face of a store of so many entries (`face`).
 */
export function loopService({ directory }: { readonly directory: string }): Service {
  return {
    commands: {
      open: () => true,
      idle: (duration: number) => watched(() => sleep(duration)),
      async busy(duration: number) {
        await using cache = new Cache<string, string>(directory).promises
        await useFor(WARM_UP, cache)
        return await watched(() => useFor(duration, cache))
      },
      face: (name: FaceName, entries: number) => watchFace(name, directory, entries),
    },
  }
}

async function watched(work: () => Promise<unknown>): Promise<LoopReport> {
  const meter = monitorEventLoopDelay({ resolution: TICK })
  meter.enable()
  // It counts from its first tick to its last.
  await sleep(3 * TICK)
  const longest = await work()
  await sleep(3 * TICK)
  meter.disable()
  return { gap: meter.max / 1e6, longest: Number(longest ?? 0) }
}

/** Keeps sets and a get in flight, as a server does; gives the milliseconds of the longest. */
async function useFor(duration: number, cache: Cache<string, string>['promises']): Promise<number> {
  const work = new Workload()
  const end = performance.now() + duration
  let longest = 0
  const repeat = async (act: () => Promise<unknown>) => {
    while (performance.now() < end) {
      const start = performance.now()
      await act()
      longest = Math.max(longest, performance.now() - start)
      // As requests come, rather than as fast as it can.
      await sleep(1)
    }
  }
  const set = ([key, value]: [string, string], i: number) => cache.set(key, i === 0 ? value + LARGE : value)
  const sets = () => Promise.all(work.entries(SETS).map(set))
  await Promise.all([repeat(sets), repeat(() => cache.get('key:1'))])
  return longest
}

/** Gives the gap during each operation, by its name. */
async function watchFace(name: FaceName, directory: string, entries: number) {
  const { promises, calls, expire } = FACES[name](directory, entries)
  const face = promises as Record<string, ((...args: unknown[]) => unknown) | undefined>
  const gaps: Record<string, number> = {}
  // A face of fewer operations has not all of them.
  for (const [names, ...args] of calls)
    for (const operation of names.split(' ').filter((one) => face[one] !== undefined)) {
      if (operation === 'expire') expire?.()
      gaps[operation] = (await watched(() => finished(face[operation]?.(...args)))).gap
    }
  return gaps
}

/** What is iterated is finished at its end. */
async function finished(result: unknown): Promise<void> {
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) await result
  else for await (const _ of result as AsyncIterable<unknown>);
}
