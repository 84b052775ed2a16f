import { deepStrictEqual, ok } from 'node:assert'
import type { Cache } from '@diskcache/cache'
import { checkStamped, FORMS, stamped } from '../stamped-value.ts'
import { type Invariant, PINNED } from './invariant.ts'

/** Everybody pulls from this queue. */
const SHARED = { prefix: 'shared' }
/** From this one, which has no prefix, only the first worker does. */
const SINGLE = {}

interface Item {
  readonly producer: number
  readonly sequence: number
}

interface QueueReport {
  /** How many items were pushed to each queue. */
  readonly pushed: { shared: number; single: number }
  readonly shared: Item[]
  readonly single: Item[]
}

/** Every item that was pushed is pulled exactly once, and those of one producer in their order. */
export const queues: Invariant<QueueReport> = {
  weight: 16,
  work: ({ cache, random, id }) => {
    const report: QueueReport = { pushed: { shared: 0, single: 0 }, shared: [], single: [] }
    const push = (name: 'shared' | 'single') => {
      const sequence = report.pushed[name]++
      const value = stamped({ key: name, writer: id, sequence }, random.pick(FORMS), random)
      cache.push(value, { ...(name === 'shared' ? SHARED : SINGLE), ...PINNED })
    }
    return {
      step: () => {
        const kind = random.below(6)
        if (kind < 2) push('shared')
        else if (kind < 3) push('single')
        else if (kind < 4) cache.peek(SHARED)
        else if (kind < 5 || id > 0) pull(cache, 'shared', report.shared)
        else for (let i = 0; i < 10; i++) pull(cache, 'single', report.single)
      },
      report: () => report,
    }
  },
  verify: (cache, reports) => {
    for (const name of ['shared', 'single'] as const) {
      for (const report of reports) expectOrder(name, report[name])
      const rest: Item[] = []
      while (pull(cache, name, rest));
      expectOrder(name, name === 'shared' ? rest : [...(reports[0]?.single ?? []), ...rest])
      const pulled = [...reports.flatMap((report) => report[name]), ...rest]
      const pushed = reports.flatMap(({ pushed }, id) =>
        Array.from({ length: pushed[name] }, (_, i) => `${id}:${i}`),
      )
      deepStrictEqual(
        pulled.map(labelOf).sort(),
        pushed.sort(),
        `${name}: what was pulled is not what was pushed`,
      )
    }
    return `${reports.reduce((sum, { pushed }) => sum + pushed.shared + pushed.single, 0)} items pulled once`
  },
}

function pull(cache: Cache, name: 'shared' | 'single', items: Item[]): boolean {
  const entry = cache.pull(name === 'shared' ? SHARED : SINGLE)
  if (entry === undefined) return false
  const { writer, sequence } = checkStamped(name, entry.value)
  items.push({ producer: writer, sequence })
  return true
}

function expectOrder(name: string, items: readonly Item[]): void {
  const last = new Map<number, number>()
  for (const { producer, sequence } of items) {
    ok(
      sequence > (last.get(producer) ?? -1),
      `${name}: item ${sequence} of worker ${producer} came after ${last.get(producer)}`,
    )
    last.set(producer, sequence)
  }
}

function labelOf({ producer, sequence }: Item): string {
  return `${producer}:${sequence}`
}
