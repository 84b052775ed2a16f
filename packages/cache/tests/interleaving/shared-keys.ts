import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import type { Promises } from './operation.ts'

/** `sum`, `isDone`: not set when it was aborted. */
interface Increment {
  readonly task: string
  sum?: number
}

interface Appended {
  readonly task: string
  readonly item: string
  isDone?: true
}

/** A counter and a log, which all tasks change at the same time. What was aborted may have taken place, once. */
export class SharedKeys {
  readonly #increments: Increment[] = []
  readonly #appended: Appended[] = []
  readonly #surprises: (() => void)[] = []

  async count(task: string, store: Promises, signal: AbortSignal): Promise<void> {
    const increment: Increment = { task }
    this.#increments.push(increment)
    await unlessAborted(signal, async () => {
      increment.sum = await store.incr('count', 1, { signal })
    })
  }

  async append(task: string, store: Promises, signal: AbortSignal): Promise<void> {
    const appended: Appended = { task, item: `${task}.${this.#appended.length}` }
    this.#appended.push(appended)
    const change = (entry?: { value: unknown }) => {
      for (const act of this.#surprises.splice(0)) act()
      return { set: [...((entry?.value ?? []) as string[]), appended.item] }
    }
    await unlessAborted(signal, async () => {
      await store.update('log', change, { signal })
      appended.isDone = true
    })
  }

  /** Lets something happen in the middle of the transaction that appends next. */
  atNextAppend(act: () => void): void {
    this.#surprises.push(act)
  }

  verify(count: unknown, log: unknown): void {
    this.#verifyCount((count ?? 0) as number)
    this.#verifyLog((log ?? []) as string[])
  }

  #verifyCount(count: number): void {
    const all = sumsOf(this.#increments)
    strictEqual(new Set(all).size, all.length, `two increments gave the same sum: ${all}`)
    ok(count >= Math.max(all.length, ...all), `an increment was lost: ${count} after ${all}`)
    ok(count <= this.#increments.length, `${this.#increments.length} increments gave ${count}`)
    for (const own of Map.groupBy(this.#increments, ({ task }) => task).values()) {
      const sums = sumsOf(own)
      const sorted = sums.toSorted((a, b) => a - b)
      deepStrictEqual(sums, sorted, 'increments of one task took place in another order')
    }
  }

  #verifyLog(log: readonly string[]): void {
    strictEqual(new Set(log).size, log.length, `something was appended twice: ${log}`)
    for (const [task, own] of Map.groupBy(this.#appended, ({ task }) => task)) {
      const found = log.filter((item) => item.startsWith(`${task}.`))
      const expected = own.filter(({ item, isDone }) => isDone || log.includes(item)).map(({ item }) => item)
      deepStrictEqual(found, expected, `the log of ${task} lacks something, or is in another order`)
    }
  }
}

async function unlessAborted(signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (error !== signal.reason) throw error
  }
}

function sumsOf(increments: readonly Increment[]): number[] {
  return increments.map(({ sum }) => sum).filter((sum) => sum !== undefined)
}
