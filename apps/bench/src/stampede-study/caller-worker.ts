/**
 * One process of the study, which reads lines from its parent and answers each with a line: `open`, `warm`, and `run`
 * with a moment in milliseconds since the epoch, which is answered with a `Recording`. Argument: `CallerSettings`.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import type { CallerSettings, Recording, Stretch } from './recording.ts'
import { STRATEGIES } from './strategies.ts'

const settings: CallerSettings = JSON.parse(process.argv[2]!)
const calls: Stretch[] = []
const runs: Promise<Stretch>[] = []

const cache = new Cache(settings.directory)
const strategy = STRATEGIES.find(({ name }) => name === settings.strategy)!
const call = strategy.prepare(cache, work, settings.ttl)

for await (const line of createInterface({ input: process.stdin })) {
  const [command, moment] = line.split(' ')
  console.log(JSON.stringify(await answer(command!, Number(moment))))
}
cache.close()

async function answer(command: string, moment: number): Promise<unknown> {
  switch (command) {
    case 'open':
      return cache.size
    case 'warm':
      return call()
    default:
      await sleep(Math.max(0, moment - Date.now()))
      return run(moment)
  }
}

async function run(moment: number): Promise<Recording> {
  const end = performance.now() + settings.duration
  await Promise.all(Array.from({ length: settings.callers }, () => callUntil(end)))
  const since = ([begin, end]: Stretch): Stretch => [begin - moment, end - moment]
  return { calls: calls.map(since), runs: (await Promise.all(runs)).map(since) }
}

async function callUntil(end: number): Promise<void> {
  for (;;) {
    calls.push(await stretchOf(call))
    if (performance.now() >= end) return
    await sleep(settings.pause)
  }
}

async function work(): Promise<string> {
  const run = stretchOf(() => sleep(settings.work))
  runs.push(run)
  const [begin] = await run
  // Another one each time, as a page would be.
  return `<p>made at ${begin}</p>`
}

/** In milliseconds since the epoch, by a clock that is not adjusted meanwhile. */
async function stretchOf(task: () => Promise<unknown>): Promise<Stretch> {
  const begin = performance.timeOrigin + performance.now()
  await task()
  return [begin, performance.timeOrigin + performance.now()]
}
