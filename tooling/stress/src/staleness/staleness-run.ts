import { ok } from 'node:assert'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import type { LoggedWrite } from './history-log.ts'
import { type Fault, judgeRead } from './judge.ts'
import { KeyHistories } from './key-history.ts'
import { openSharedStore, type SharedStoreJob } from './open-shared-store.ts'
import { countReads, unpackReads } from './read-log.ts'
import type { ReaderJob, ReaderReport } from './reader.ts'
import { WRITERS, type WriterKind, Writers } from './writers.ts'

/** How one process reads. */
export type ReaderPlan = Pick<ReaderJob, 'face' | 'memory'>

export interface StalenessPlan {
  readonly kind: SharedStoreJob['kind']
  /** Empty, and its own. */
  readonly directory: string
  readonly seed: number
  readonly readers: readonly ReaderPlan[]
  /** Who writes, one after the other. */
  readonly writers: readonly WriterKind[]
  /** How long each of them writes, in milliseconds. */
  readonly duration: number
}

/** What came of a run. */
export interface StalenessOutcome {
  readonly reads: number
  readonly line: string
}

const READER = new URL('./reader.ts', import.meta.url)
const STOP = 'stop'

/** Lets processes read from memory what others write, and throws when one finds what it must not. */
export async function stalenessRun(plan: StalenessPlan): Promise<StalenessOutcome> {
  const store = { kind: plan.kind, directory: join(plan.directory, 'store') }
  mkdirSync(store.directory, { recursive: true })
  const reading = plan.readers.map((reader, i) => {
    const job: ReaderJob = { ...reader, store, seed: plan.seed + i, stop: STOP }
    return Child.process<ReaderReport>(READER, job, { limit: 240_000 })
  })
  const writers = new Writers(store, plan.seed, plan.directory)
  const isDone = results(reading)
  isDone.catch(() => {})
  await meet(reading)
  for (const writer of plan.writers) await Promise.race([WRITERS[writer](writers, plan.duration), isDone])
  await stop(store)
  const reports = await isDone
  const { writes } = writers
  judgeAll(plan, writes, reports)
  return summary(plan, writes, reports)
}

async function stop(store: SharedStoreJob): Promise<void> {
  const { promises } = openSharedStore(store)
  await promises.set(STOP, true)
  await promises.close()
}

/** Throws when anything that was read is wrong, and when nothing came from memory. */
function judgeAll(
  plan: StalenessPlan,
  writes: readonly LoggedWrite[],
  reports: readonly ReaderReport[],
): void {
  const histories = new KeyHistories(writes)
  const faults = reports.flatMap(({ reads, torn }, i) => {
    const counts = countFaults(reads, histories)
    if (counts.size === 0) return []
    const all = [...counts].map(([fault, count]) => `${count} ${fault}`).join(', ')
    return [
      `${JSON.stringify(plan.readers[i])}: of ${countReads(reads)} reads ${all}${torn === undefined ? '' : `: ${torn}`}`,
    ]
  })
  ok(faults.length === 0, `${plan.kind}: wrong reads\n${faults.join('\n')}`)
  for (const [i, { hits, verified }] of reports.entries())
    ok(hits + verified > 0, `${JSON.stringify(plan.readers[i])} read nothing from memory`)
}

function countFaults(reads: Float64Array, histories: KeyHistories): Map<Fault, number> {
  const counts = new Map<Fault, number>()
  for (const read of unpackReads(reads)) {
    const fault = judgeRead(read, histories)
    if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  }
  return counts
}

function summary(
  { kind, readers, writers, duration }: StalenessPlan,
  writes: readonly LoggedWrite[],
  reports: readonly ReaderReport[],
): StalenessOutcome {
  const total = (count: (report: ReaderReport) => number) => reports.reduce((sum, one) => sum + count(one), 0)
  const reads = total((report) => countReads(report.reads))
  const share = (part: number) => `${((100 * part) / reads).toFixed(0)} %`
  const perSecond = (writes.length / ((writers.length * duration) / 1e3)).toFixed(0)
  const open = writes.filter(({ end }) => end === undefined).length
  const line =
    `${kind}: ${reads} reads of ${readers.length} processes (from memory ${share(total(({ hits }) => hits))}, ` +
    `after a look at the row ${share(total(({ verified }) => verified))}) beside ${writes.length} writes ` +
    `(${writers.join(', ')}; ${perSecond} a second, ${open} cut off by kill -9): none too old, torn or outlived`
  return { reads, line }
}
