import { ok } from 'node:assert'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import type { LockHolderJob } from '../../../../packages/cache/tests/processes/lock-holder.ts'
import { expectSound } from '../../../../packages/cache/tests/processes/soundness.ts'
import type { Scenario } from '../scenario.ts'
import type { TickingJob, TickingReport } from '../workers/ticking.ts'
import type { ContentionJob, ContentionReport } from './event.ts'

const TICKING = new URL('../workers/ticking.ts', import.meta.url)
const WRITER = new URL('../workers/contention.ts', import.meta.url)
const HOLDER = new URL('../../../../packages/cache/tests/processes/lock-holder.ts', import.meta.url)

const WRITERS = 16
/** How long a process keeps the lock, in milliseconds. */
const HOLD = 3_000
/** What the largest gap has to stay below, in milliseconds. */
const GOAL = 50

/** The event loop of a process that uses promises keeps turning, whoever has the lock and for however long. */
export const ticker: Scenario = {
  name: 'ticker',
  minutes: 2,
  async run({ directory, short }) {
    const duration = short ? 5_000 : 12_000
    const held = await measure({ directory: join(directory, 'held'), duration }, 0)
    const contended = await measure({ directory: join(directory, 'contended'), duration }, WRITERS)
    const lines = [
      `beside a process that has the lock for 3 s: ${gaps(held)}`,
      `beside that and ${WRITERS} writers: ${gaps(contended)}`,
    ]
    if (short) return [...lines, `the goal of less than ${GOAL} ms is not asserted: too short to tell`]
    for (const report of [held, contended]) expectSmallGaps(report)
    return lines
  },
}

/** What the process with promises saw, and one beside it that only ticks. */
interface Pair {
  readonly busy: TickingReport
  readonly idle: TickingReport
}

async function measure(job: ContentionJob, writers: number): Promise<Pair> {
  const { directory } = job
  new Cache(directory).close()
  const others = Array.from({ length: writers }, () => {
    return Child.process<ContentionReport>(WRITER, job, { limit: 60_000 })
  })
  const [busy, idle] = [start({ ...job, isBusy: true }), start({ ...job, isBusy: false })]
  const children: Child[] = [...others, busy, idle]
  await meet(children)
  await Promise.all([holdSoon(directory), results(children)])
  expectSound(directory)
  return { busy: await busy.result, idle: await idle.result }
}

function start(job: TickingJob): Child<TickingReport> {
  return Child.process<TickingReport>(TICKING, job, { limit: 60_000 })
}

/** Takes the lock when the others have been at work for a while. */
async function holdSoon(directory: string): Promise<void> {
  const job: LockHolderJob = { directory, duration: HOLD }
  const holder = Child.process(HOLDER, job, { limit: 60_000 })
  await holder.ready()
  await setTimeout(1_000)
  holder.go(Date.now())
  await results([holder])
}

/** Nobody can do better than a process that only ticks: what stops that, too, is the machine. */
function expectSmallGaps({ busy, idle }: Pair): void {
  ok(
    busy.largest < GOAL || busy.largest < 2 * idle.largest,
    `the event loop stood still for ${busy.largest.toFixed(0)} ms; ${idle.largest.toFixed(0)} ms in a process without a cache`,
  )
}

function gaps({ busy, idle }: Pair): string {
  return (
    `largest gap of a 10 ms ticker ${busy.largest.toFixed(1)} ms, p99 ${busy.p99.toFixed(1)} ms ` +
    `(without a cache ${idle.largest.toFixed(1)} and ${idle.p99.toFixed(1)}); ` +
    `${tally('sets', busy.sets)}, ${tally('gets', busy.gets)}`
  )
}

function tally(what: string, { count, longest }: TickingReport['sets']): string {
  return `${count} ${what}, the longest ${longest.toFixed(0)} ms`
}
