import { ok } from 'node:assert'
import { join } from 'node:path'
import { boundRun } from '../../../../packages/cache/tests/memory-bound/bound-run.ts'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { expectSound } from '../../../../packages/cache/tests/processes/soundness.ts'
import { mebibytes } from '../mebibytes.ts'
import type { Scenario } from '../scenario.ts'
import type { ChurnJob, ChurnReport } from '../workers/churn.ts'
import type { StreamJob, StreamReport } from '../workers/huge-stream.ts'

const MIB = 2 ** 20
const STREAM = new URL('../workers/huge-stream.ts', import.meta.url)
const CHURN = new URL('../workers/churn.ts', import.meta.url)

/** Memory, descriptors and the write-ahead log stay small, however large a value, however long the work, whatever entries. */
export const memory: Scenario = {
  name: 'memory',
  minutes: 15,
  async run({ directory, seed, short }) {
    return [
      await streamHugeValue({ directory: join(directory, 'stream'), size: short ? 256 * MIB : 1024 * MIB }),
      await churn({ directory: join(directory, 'churn'), seed, operations: short ? 50_000 : 200_000 }),
      ...(short ? [] : [await fillMemory(directory, 4 * MIB), await fillMemory(directory, 64 * MIB)]),
    ]
  },
}

async function streamHugeValue(job: StreamJob): Promise<string> {
  const [report] = await results([Child.process<StreamReport>(STREAM, job, { limit: 120_000 })])
  const { extra, sampled, writeSeconds, readSeconds } = report as StreamReport
  ok(extra < 64 * MIB, `a stream took ${mebibytes(extra)} more memory at its peak`)
  expectSound(job.directory)
  const speed = (seconds: number) => `${(job.size / MIB / seconds).toFixed(0)} MiB/s`
  return (
    `${mebibytes(job.size)} through write (${speed(writeSeconds)}) and read (${speed(readSeconds)}): ` +
    `peak memory +${mebibytes(extra)} (+${mebibytes(sampled)} as sampled), hash equal`
  )
}

/** One process works; another reads all the time, which keeps the write-ahead log from being reset. */
async function churn(job: Omit<ChurnJob, 'reads'>): Promise<string> {
  const workers = [false, true].map((reads) => {
    return Child.process<ChurnReport>(CHURN, { ...job, reads }, { limit: 180_000 })
  })
  await meet(workers)
  const [report] = await results(workers)
  const { descriptors, memory, log } = report as ChurnReport
  ok(descriptors <= 2, `${descriptors} more descriptors are open after the work than before`)
  ok(memory < 48 * MIB, `memory grew by ${mebibytes(memory)}`)
  ok(log < 32 * MIB, `the write-ahead log grew to ${mebibytes(log)}`)
  expectSound(job.directory)
  return (
    `${job.operations} sets, gets and replacements beside a reader: memory +${mebibytes(memory)} after the warm-up, ` +
    `descriptors +${descriptors}, write-ahead log at most ${mebibytes(log)}`
  )
}

/** Entries of every kind in memory take about what they are counted as. */
async function fillMemory(directory: string, maxBytes: number): Promise<string> {
  const reports = await boundRun(join(directory, `bound-${maxBytes}`), maxBytes)
  const parts = reports.map(({ kind, taken }) => ({ kind, part: taken / maxBytes }))
  const sorted = parts.toSorted((a, b) => b.part - a.part)
  const show = ({ kind, part }: (typeof parts)[number]) => `${(100 * part).toFixed(0)} % with ${kind}`
  const [most, least] = [sorted.at(0)!, sorted.at(-1)!]
  ok(most.part <= 1.1, `a memory of ${mebibytes(maxBytes)} takes ${show(most)}`)
  return `a memory of ${mebibytes(maxBytes)} takes from ${show(least)} to ${show(most)}, of ${parts.length} kinds of entries`
}
