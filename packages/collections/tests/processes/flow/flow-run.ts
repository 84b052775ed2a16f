import { deepStrictEqual } from 'node:assert'
import { setTimeout } from 'node:timers/promises'
import { Deque } from '@diskcache/collections'
import { Child, meet, results } from '../../../../cache/tests/processes/child.ts'
import { expectSound } from '../../../../cache/tests/processes/soundness.ts'
import { allLabels, expectOrder } from './flow-item.ts'
import type { ProducingJob, ProducingReport } from './producing-worker.ts'
import type { Stirring, StirringJob, StirringReport } from './stirring-worker.ts'
import type { TakerKind, TakingJob, TakingReport } from './taking-worker.ts'

export interface FlowPlan {
  readonly directory: string
  readonly seed: number
  readonly producers: number
  /** Of each producer. */
  readonly items: number
  readonly takers: readonly TakerKind[]
  /** Another process moves items meanwhile. */
  readonly stirring?: Stirring
  readonly maxLength?: number
  /** Milliseconds. */
  readonly limit: number
}

const PRODUCER = new URL('./producing-worker.ts', import.meta.url)
const TAKER = new URL('./taking-worker.ts', import.meta.url)
const STIRRER = new URL('./stirring-worker.ts', import.meta.url)

/** Items go from producers to takers through one deque: each exactly once, and in order. Gives figures. */
export async function flowRun(plan: FlowPlan): Promise<string> {
  const { directory, limit } = plan
  new Deque(directory).close()
  const start = performance.now()
  const producers = producingJobs(plan).map((job) => Child.process<ProducingReport>(PRODUCER, job, { limit }))
  const takers = takingJobs(plan).map((job) => Child.process<TakingReport>(TAKER, job, { limit }))
  const stirrers = stirringJobs(plan).map((job) => Child.process<StirringReport>(STIRRER, job, { limit }))
  const untilStopped = [...takers, ...stirrers] as Child[]
  const all = [...producers, ...untilStopped] as Child[]
  try {
    await meet(all)
    const lost = await Promise.all(producers.map(({ result }) => result))
    await Promise.race([emptied(directory), ...untilStopped.map(({ result }) => result)])
    await meet(untilStopped)
    const seconds = (performance.now() - start) / 1e3
    const [taken, stirred] = [await results(takers), await results(stirrers)]
    verify(plan, lost.flat(), taken)
    return summary(plan, { seconds, lost: lost.flat().length, taken, stirred })
  } finally {
    for (const child of all) child.kill()
    await Promise.all(all.map(({ ended }) => ended))
  }
}

function producingJobs({
  directory,
  seed,
  producers,
  items,
  maxLength = Infinity,
}: FlowPlan): ProducingJob[] {
  return Array.from({ length: producers }, (_, producer) => ({ directory, seed, producer, items, maxLength }))
}

function takingJobs({ directory, seed, takers }: FlowPlan): TakingJob[] {
  return takers.map((kind, id) => ({ directory, seed, id: 100 + id, kind }))
}

function stirringJobs({ directory, seed, stirring, maxLength = Infinity }: FlowPlan): StirringJob[] {
  return stirring === undefined ? [] : [{ directory, seed, stirring, maxLength }]
}

async function emptied(directory: string): Promise<void> {
  using deque = new Deque(directory)
  while (deque.length > 0) await setTimeout(5)
}

function verify(
  { directory, producers, items, stirring }: FlowPlan,
  lost: readonly string[],
  reports: readonly TakingReport[],
): void {
  const seen = [...lost, ...reports.flatMap(({ taken }) => taken)]
  const all = allLabels(producers, items)
  deepStrictEqual(seen.sort(), all.sort(), 'what was taken, or pushed off, is not what was appended')
  if (stirring !== 'freely') for (const [i, { taken }] of reports.entries()) expectOrder(taken, `taker ${i}`)
  expectSound(directory)
}

function summary(
  { producers, items, stirring, maxLength = Infinity }: FlowPlan,
  figures: { seconds: number; lost: number; taken: readonly TakingReport[]; stirred: readonly number[] },
): string {
  const { seconds, lost, taken, stirred } = figures
  const abandoned = taken.reduce((sum, { abandoned }) => sum + abandoned, 0)
  return (
    `${producers * items} items through a deque of at most ${maxLength} in ${seconds.toFixed(1)} s, each taken once` +
    `${lost > 0 ? ` or pushed off (${lost})` : ''}, by ${taken.map(({ taken }) => taken.length).join(' + ')}; ` +
    `${abandoned} waits given up${stirred.map((count) => `; stirred ${stirring} ${count} times`).join('')}`
  )
}
