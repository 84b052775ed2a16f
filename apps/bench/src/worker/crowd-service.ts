import { setTimeout as sleep } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import type { Service } from './service.ts'
import { STRATEGIES } from './strategies.ts'

/** Begin and end in milliseconds, since the moment at which all begin. */
export type Stretch = readonly [begin: number, end: number]

/** What happened in one process: calls, as a caller sees them, and times at which the work was really done. */
export interface CrowdRecording {
  readonly calls: readonly Stretch[]
  readonly runs: readonly Stretch[]
}

/** Callers that all want the same, made by a strategy of this name; durations in milliseconds. */
export interface CrowdSettings {
  readonly directory: string
  readonly strategy: string
  readonly callers: number
  /** How long they call again and again; 0: each calls once. */
  readonly duration: number
  /** Between two calls of a caller. */
  readonly pause: number
  /** How long the work takes, and how long its result is kept. */
  readonly work: number
  readonly ttl: number
}

/** One process of the crowd: `call` makes one call, `run` lets all callers call from a moment (epoch milliseconds) on. */
export function crowdService({ directory, strategy, ...settings }: CrowdSettings): Service {
  const calls: Stretch[] = []
  const runs: Promise<Stretch>[] = []
  const cache = new Cache(directory)
  const call = STRATEGIES.find(({ name }) => name === strategy)!.prepare(cache, work, settings.ttl)

  async function work(): Promise<string> {
    const run = stretchOf(() => sleep(settings.work))
    runs.push(run)
    // Another one each time, as a page would be.
    return `<p>made at ${(await run)[0]}</p>`
  }

  async function callUntil(end: number): Promise<void> {
    for (;;) {
      calls.push(await stretchOf(call))
      if (performance.now() >= end) return
      await sleep(settings.pause)
    }
  }

  async function run(moment: number): Promise<CrowdRecording> {
    await sleep(Math.max(0, moment - Date.now()))
    const end = performance.now() + settings.duration
    await Promise.all(Array.from({ length: settings.callers }, () => callUntil(end)))
    const since = ([begin, end]: Stretch): Stretch => [begin - moment, end - moment]
    return { calls: calls.map(since), runs: (await Promise.all(runs)).map(since) }
  }

  return { commands: { open: () => cache.size, call, run }, close: () => cache.close() }
}

/** In milliseconds since the epoch, by a clock that is not adjusted meanwhile. */
async function stretchOf(task: () => Promise<unknown>): Promise<Stretch> {
  const begin = performance.timeOrigin + performance.now()
  await task()
  return [begin, performance.timeOrigin + performance.now()]
}
