import { ok } from 'node:assert'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { nameOf, openStore, type StorePlace } from '../workers/recipes/open-store.ts'
import type { ThrottledJob } from '../workers/recipes/throttled.ts'

export interface ThrottlePlan extends StorePlace {
  /** The file for the history. */
  readonly calls: string
  /** Milliseconds. */
  readonly duration: number
}

/** A call that was let through between two times, in nanoseconds. */
interface Call {
  readonly asked: bigint
  readonly begun: bigint
}

const WORKER = new URL('../workers/recipes/throttled.ts', import.meta.url)
const PROCESSES = 4
const LIMIT = 60_000

/** Calls at once, and in a second. */
const COUNT = 20

/** The store counts whole milliseconds, and the clock that it counts with is adjusted by a little now and then; seconds. */
const TOLERANCE = 0.005

/** Processes call as often as they may; one is killed on the way, and another comes in its place. */
export async function throttleRun({ calls: path, duration, ...place }: ThrottlePlan): Promise<string> {
  openStore(place).close()
  const start = (duration: number) => {
    const job: ThrottledJob = { ...place, count: COUNT, duration, calls: path }
    return Child.process<void>(WORKER, job, { limit: LIMIT })
  }
  const [victim, ...others] = Array.from({ length: PROCESSES }, () => start(duration)) as [Child<void>]
  await meet([victim, ...others])
  await delay(duration / 2)
  victim.kill()
  const late = start(duration / 2)
  await meet([late])
  await results([...others, late])
  const calls = callsIn(path)
  expectWithinBucket(calls)
  ok(calls.length > COUNT, 'nobody was let through after the first moment')
  return (
    `${nameOf(place)}: ${calls.length} calls of ${PROCESSES} processes in about ${(duration / 1e3).toFixed(0)} s, ` +
    `one of them killed and replaced: in no stretch more than ${COUNT} and ${COUNT} a second`
  )
}

function callsIn(path: string): Call[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [asked = '', begun = ''] = line.split(' ')
    return { asked: BigInt(asked), begun: BigInt(begun) }
  })
}

/** Whatever was asked for and begun in a stretch of time, the bucket let through in it. */
function expectWithinBucket(calls: readonly Call[]): void {
  const inOrder = calls.toSorted((a, b) => Number(a.begun - b.begun))
  for (const { asked: start } of calls) {
    const since = inOrder.filter(({ asked }) => asked >= start)
    for (const [i, { begun }] of since.entries()) {
      const seconds = Number(begun - start) / 1e9
      const most = COUNT + COUNT * (seconds + TOLERANCE)
      ok(i + 1 <= most, `${i + 1} calls were let through in ${seconds} s`)
    }
  }
}
