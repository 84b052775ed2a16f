import { Deque, Index } from '@diskcache/collections'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { Child, meet, results } from '../../cache/tests/processes/child.ts'
import { expectSound } from '../../cache/tests/processes/soundness.ts'
import type { BoundedJob } from './processes/bounded-worker.ts'
import { expectOrder } from './processes/flow/flow-item.ts'
import { flowRun } from './processes/flow/flow-run.ts'
import type { IdleTakerJob, IdleTakerReport } from './processes/idle-taker.ts'
import { indexRun } from './processes/index/index-run.ts'
import { killTakersRun } from './processes/kill/kill-takers-run.ts'
import type { PoppingJob } from './processes/popping-worker.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1e6)

const limit = 60_000

function moduleOf(name: string): URL {
  return new URL(`./processes/${name}.ts`, import.meta.url)
}

test(`Deque.popLeft() and takeLeft() take each item of other processes once, in order (SEED=${SEED})`, {
  timeout: limit,
}, async ({ directory }) => {
  const takers = ['popLeft', 'takeLeft', 'takeLeft'] as const
  await flowRun({ directory, seed: SEED, producers: 3, items: 150, takers, limit })
})

test(`Deque.takeLeft() loses no item when it is aborted or its time is up (SEED=${SEED})`, {
  timeout: limit,
}, async ({ directory }) => {
  const takers = ['hasty', 'hasty', 'hasty'] as const
  await flowRun({ directory, seed: SEED, producers: 2, items: 150, takers, limit })
})

test(`Deque.rotate() and reverse() neither lose nor double an item that others take (SEED=${SEED})`, {
  timeout: limit,
}, async ({ directory }) => {
  const plan = { seed: SEED, producers: 2, items: 150, takers: ['popLeft', 'takeLeft'] as const, limit }
  await flowRun({ ...plan, directory: `${directory}/freely`, stirring: 'freely' })
  await flowRun({ ...plan, directory: `${directory}/bounded`, stirring: 'in place', maxLength: 20 })
})

test('Deque.takeLeft() costs next to nothing while it waits, and wakes up for what another process adds', {
  timeout: limit,
}, async ({ directory }) => {
  using deque = new Deque(directory)
  const job: IdleTakerJob = { directory, takers: 10 }
  const child = Child.process<IdleTakerReport>(moduleOf('idle-taker'), job, { limit })
  await meet([child])
  const items = [...Array(10).keys()]
  for (const item of items) deque.append(item)
  const [report] = await results([child])
  expect(report?.taken).toEqual(items)
  // About 10 ms on an idle machine; polling without a pause would spend it all.
  expect(report?.spent).toBeLessThan(200)
})

test(`processes that are killed lose at most the item in hand, and double none (SEED=${SEED})`, {
  timeout: limit,
}, async ({ directory }) => {
  await killTakersRun({ directory, seed: SEED, rounds: 3 })
})

test('Deque.append() never exceeds maxLength in four processes, and keeps the last items', {
  timeout: limit,
}, async ({ directory }) => {
  const children = [0, 1, 2, 3].map((producer) => {
    const job: BoundedJob = { directory, producer, items: 200, maxLength: 10 }
    return Child.process<void>(moduleOf('bounded-worker'), job, { limit })
  })
  await meet(children)
  await results(children)
  using deque = new Deque<string>(directory)
  const labels = [...deque]
  expect(labels).toHaveLength(10)
  expectOrder(labels, 'what is left')
  // Whoever was last has its last item last.
  expect(labels.at(-1)).toMatch(/:199$/)
  expectSound(directory)
})

test(`Index is a Map for each of four processes with keys of its own (SEED=${SEED})`, {
  timeout: limit,
}, async ({ directory }) => {
  await indexRun({ directory, seed: SEED, processes: 4, operations: 250, limit })
})

test('Index.popItem() gives each entry to one of four processes, in order', { timeout: limit }, async ({
  directory,
}) => {
  const keys = [...Array(200).keys()]
  using index = new Index<number, number>(directory, { entries: keys.map((key) => [key, key]) })
  const children = Array.from({ length: 4 }, (_, id) => {
    const job: PoppingJob = { directory, last: id < 2, face: id % 2 === 0 ? 'sync' : 'promises' }
    return Child.process<number[]>(moduleOf('popping-worker'), job, { limit })
  })
  await meet(children)
  const popped = await results(children)
  expect(popped.flat().sort((a, b) => a - b)).toEqual(keys)
  for (const [id, own] of popped.entries()) {
    expect(own).toEqual(own.toSorted((a, b) => (id < 2 ? b - a : a - b)))
  }
  expect(index.size).toBe(0)
  expectSound(directory)
})
