import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import type { Promises } from './operation.ts'

interface Appended {
  readonly task: string
  readonly item: string
  isDone: boolean
}

/** A counter and a log, which all tasks change at the same time. What was aborted may have taken place, once. */
export class SharedKeys {
  readonly #sums = new Map<string, number[]>()
  readonly #items: Appended[] = []
  #abortedCounts = 0

  async count(task: string, store: Promises, signal: AbortSignal): Promise<void> {
    try {
      const sum = await store.incr('count', 1, { signal })
      this.#sums.set(`${task} ${this.#sums.size}`, [sum])
    } catch (error) {
      ok(signal.aborted, error as Error)
      this.#abortedCounts++
    }
  }

  async append(task: string, store: Promises, signal: AbortSignal): Promise<void> {
    const appended: Appended = { task, item: `${task}.${this.#items.length}`, isDone: false }
    this.#items.push(appended)
    try {
      const change = (entry?: { value: unknown }) => ({
        set: [...((entry?.value as string[]) ?? []), appended.item],
      })
      await store.update('log', change, { signal })
      appended.isDone = true
    } catch (error) {
      ok(signal.aborted, error as Error)
    }
  }

  verify(count: unknown, log: unknown): void {
    this.#verifyCount((count as number | undefined) ?? 0)
    this.#verifyLog((log as string[] | undefined) ?? [])
  }

  #verifyCount(count: number): void {
    const sums = [...this.#sums.values()].flat()
    strictEqual(new Set(sums).size, sums.length, `two increments gave the same sum: ${sums}`)
    ok(
      sums.every((sum) => sum <= count),
      `an increment was lost: ${count} after ${sums}`,
    )
    const most = sums.length + this.#abortedCounts
    ok(count >= sums.length && count <= most, `${sums.length} to ${most} increments gave ${count}`)
  }

  #verifyLog(log: readonly string[]): void {
    strictEqual(new Set(log).size, log.length, `something was appended twice: ${log}`)
    for (const task of new Set(this.#items.map(({ task }) => task))) {
      const own = this.#items.filter((item) => item.task === task)
      const found = log.filter((item) => item.startsWith(`${task}.`))
      const expected = own.filter(({ item, isDone }) => isDone || log.includes(item)).map(({ item }) => item)
      deepStrictEqual(found, expected, `the log of ${task} lacks something, or is in another order`)
    }
  }
}
