import { isSliceOver, type Key, nextSlice } from '@diskcache/core'
import type { EntryPages, PageRow } from '@diskcache/core/sqlite'
import type { CacheParts } from '../operations/cache-parts.ts'
import { isSkippedEntry, isSkippedKey, ROWS_PER_PAGE } from '../operations/iteration.ts'
import { encodedKeyOf, Pager, type Walk } from '../operations/pager.ts'
import type { AsyncEntries } from './async-entries.ts'
import type { AsyncOperations } from './async-operations.ts'

type Signal = AbortSignal | undefined

/** Iterates over live entries, page by page, after everything that was pending when the iteration began. */
export class AsyncIteration {
  readonly #parts: CacheParts
  readonly #operations: AsyncOperations
  readonly #entries: AsyncEntries

  constructor(parts: CacheParts, operations: AsyncOperations, entries: AsyncEntries) {
    this.#parts = parts
    this.#operations = operations
    this.#entries = entries
  }

  async *keys(walk: Walk, signal: Signal): AsyncGenerator<Key, undefined, undefined> {
    for await (const row of this.#rows(this.#parts.context.directory.keyPages, walk, signal)) {
      if (!isSkippedKey(row, walk) && this.#parts.iteration.isKeyIntact(row))
        yield this.#parts.iteration.key(row)
    }
  }

  async *values(walk: Walk, signal: Signal): AsyncGenerator<unknown, undefined, undefined> {
    for await (const [, value] of this.entries(walk, signal)) yield value
  }

  async *entries(walk: Walk, signal: Signal): AsyncGenerator<[Key, unknown], undefined, undefined> {
    for await (const row of this.#rows(this.#parts.context.directory.entryPages, walk, signal)) {
      if (isSkippedEntry(row, walk)) continue
      this.#parts.context.assertUsable()
      const loaded = await this.#entries.loadRow(encodedKeyOf(row), row, signal)
      if (loaded !== undefined) yield [this.#parts.iteration.key(row), loaded.value]
    }
  }

  async *#rows(pages: EntryPages, walk: Walk, signal: Signal): AsyncGenerator<PageRow, undefined, undefined> {
    await this.#operations.commands.settled()
    const pager = new Pager(this.#parts.context, pages, walk, ROWS_PER_PAGE)
    for (;;) {
      const rows = await this.#operations.retry(() => pager.next(), { signal })
      if (rows === undefined) return
      yield* rows
      if (!pager.isDone && isSliceOver()) await nextSlice()
    }
  }
}
