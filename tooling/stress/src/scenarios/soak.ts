import { ok } from 'node:assert'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { valueFilesIn } from '../../../../packages/cache/tests/processes/directory-walk.ts'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { expectNone, laterClock } from '../../../../packages/cache/tests/processes/soundness.ts'
import { mebibytes } from '../mebibytes.ts'
import type { Scenario } from '../scenario.ts'
import { LogWatch } from '../workers/log-watch.ts'
import type { SoakJob, SoakReport } from '../workers/soaking.ts'

const MIB = 2 ** 20

/** By how much memory may grow after the warm-up, in bytes: in a short run, the process is still growing to its size. */
const GROWTH = 48 * MIB
const GROWTH_WHEN_SHORT = 96 * MIB

const WORKER = new URL('../workers/soaking.ts', import.meta.url)

/** Of three processes two are killed again and again; one lives throughout, so that a leak would show in it. */
const VICTIMS = 2
const SHORTEST_LIFE = 1_000
const LONGEST_LIFE = 6_000

/** Everything that promises do, for minutes, beside processes that die of it: nothing piles up. */
export const soak: Scenario = {
  name: 'soak',
  minutes: 6,
  async run({ directory, seed, short }) {
    const duration = short ? 20_000 : 240_000
    using log = new LogWatch(directory)
    const survivor = start({ directory, seed, id: 0, duration })
    await meet([survivor])
    const end = Date.now() + duration
    const victims = Array.from({ length: VICTIMS }, (_, i) => sacrifice({ directory, seed, id: i + 1, end }))
    const [[report], kills] = await Promise.all([results([survivor]), Promise.all(victims)])
    const orphans = verify(directory)
    expectFlat(report as SoakReport, log.largest, short ? GROWTH_WHEN_SHORT : GROWTH)
    return [
      ...summary(report as SoakReport),
      `${sum(kills)} processes killed and replaced; ${orphans} orphans swept in the end; ` +
        `write-ahead log at most ${mebibytes(log.largest)}`,
    ]
  },
}

function start(job: SoakJob): Child<SoakReport> {
  return Child.process<SoakReport>(WORKER, job, { limit: job.duration + 60_000 })
}

/** Starts a process and kills it, until the time is over; gives how often. */
async function sacrifice(plan: Omit<SoakJob, 'duration'> & { end: number }): Promise<number> {
  const random = new Random(plan.seed, plan.id)
  let kills = 0
  for (; Date.now() < plan.end; kills++) {
    const life = SHORTEST_LIFE + random.below(LONGEST_LIFE - SHORTEST_LIFE)
    const victim = start({ ...plan, seed: plan.seed + kills, duration: LONGEST_LIFE * 2 })
    await meet([victim])
    await Promise.race([setTimeout(life), victim.ended])
    victim.kill()
    await expectKilled(victim)
  }
  return kills
}

/** It must have ended by the kill, not by an error of its own. */
async function expectKilled(victim: Child<SoakReport>): Promise<void> {
  await victim.ended
  const reason = await victim.result.then(JSON.stringify, (error: Error) => error.message)
  ok(reason.includes('SIGKILL'), reason)
}

/** Gives how many files the dead have left; after one sweep there are none. */
function verify(directory: string): number {
  using cache = new Cache(directory)
  expectNone(cache.check(), 'check()')
  using later = new Cache(directory, { clock: laterClock })
  const leftovers = later.check({ fix: true })
  const harm = leftovers.filter(({ kind }) => kind !== 'orphan-file' && kind !== 'empty-directory')
  expectNone(harm, 'the sweep, besides orphans,')
  expectNone(later.check(), 'check() after the sweep')
  cache.clear()
  const files = valueFilesIn(directory)
  ok(files.length === 0, `${files.length} files are left without an entry: ${files.slice(0, 3)}`)
  return leftovers.length - harm.length
}

function expectFlat({ descriptors, memory }: SoakReport, log: number, growth: number): void {
  ok(descriptors.after <= descriptors.before + 2, `descriptors: ${descriptors.before} → ${descriptors.after}`)
  ok(
    memory.after < memory.before + growth,
    `memory: ${mebibytes(memory.before)} → ${mebibytes(memory.after)}`,
  )
  ok(log < 64 * MIB, `the write-ahead log grew to ${mebibytes(log)}`)
}

function summary({ operations, aborted, descriptors, memory }: SoakReport): string[] {
  return [
    `${operations} operations of the process that lived throughout, ${aborted} of them aborted or failed as meant`,
    `its memory after the warm-up and at the end: ${mebibytes(memory.before)} → ${mebibytes(memory.after)}, ` +
      `descriptors ${descriptors.before} → ${descriptors.after}`,
  ]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
