/**
 * A process whose event loop is watched. Reads lines from its parent and answers each with a line: `open`, and `run` with
 * a duration in milliseconds, which is answered with a `TickingReport`. Arguments: `busy`, to use a cache through its
 * promises meanwhile, or `idle`, to do nothing; and the directory.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { keyRotation, valueRotation } from '../workload.ts'
import { GapMeter } from './gap-meter.ts'
import type { TickingReport } from './ticking-report.ts'

/** In flight at a time, one in ten of them so large that it becomes a file. */
const SETS = 20
const LARGE = 'x'.repeat(50_000)

/** Code that has not run yet is slow, which has nothing to do with locks; in milliseconds. */
const WARM_UP = 500

const [, , part, directory] = process.argv
const { promises } = new Cache<string, string>(directory)
const [keys, values] = [keyRotation(), valueRotation()]
let [operations, longest] = [0, 0]

for await (const line of createInterface({ input: process.stdin })) {
  const [command, duration] = line.split(' ')
  console.log(
    JSON.stringify(command === 'open' ? await promises.set('large', LARGE) : await run(Number(duration))),
  )
}
await promises.close()

async function run(duration: number): Promise<TickingReport> {
  await work(WARM_UP)
  operations = longest = 0
  const meter = new GapMeter()
  await work(duration)
  return { largestGap: meter.stop(), operations, longest }
}

async function work(duration: number): Promise<void> {
  if (part === 'idle') return sleep(duration)
  const end = performance.now() + duration
  await Promise.all([repeat(end, setSome), repeat(end, getOne)])
}

async function repeat(end: number, act: () => Promise<number>): Promise<void> {
  while (performance.now() < end) {
    const start = performance.now()
    operations += await act()
    longest = Math.max(longest, performance.now() - start)
    // As requests come to a server, rather than as fast as it can.
    await sleep(1)
  }
}

async function setSome(): Promise<number> {
  const sets = Array.from({ length: SETS }, (_, i) => {
    const value = values.next()
    return promises.set(keys.next(), i === 0 ? value + LARGE : value)
  })
  await Promise.all(sets)
  return SETS
}

async function getOne(): Promise<number> {
  await promises.get('large')
  return 1
}
