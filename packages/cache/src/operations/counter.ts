import { type CounterOptions, checkCounter, counterSum, type EncodedKey, type Key } from '@diskcache/core'
import type { CacheContext } from '../context/cache-context.ts'
import type { Command } from '../entries/command.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { LoadedEntry, ValueReader } from '../entries/value-reader.ts'
import { checkWriteOptions, rowOptions } from '../entries/write-options.ts'

/** Changes numbers in place. */
export class Counter {
  readonly #context: CacheContext
  readonly #reader: ValueReader
  readonly #writer: EntryWriter

  constructor(context: CacheContext, reader: ValueReader, writer: EntryWriter) {
    this.#context = context
    this.#reader = reader
    this.#writer = writer
  }

  /** Returns the command that adds `delta` and results in the sum. A live row keeps its expiry, tag and pin. */
  add(key: Key, delta: number, options: CounterOptions): Command<number> {
    const encodedKey = this.#context.directory.disk.encodeKey(key)
    const { initial, write: given } = checkCounter(delta, options)
    const write = checkWriteOptions(given, this.#context.ttl)
    return {
      orderKeys: [encodedKey],
      values: [],
      apply: (_, now) => {
        const loaded = this.#reader.load(encodedKey, now)
        const result = counterSum(key, loaded, initial, delta)
        if (loaded !== undefined) return this.#change(encodedKey, loaded, result, now)
        this.#writer.putValue(encodedKey, result, rowOptions(write, now), now)
        return result
      },
    }
  }

  #change(encodedKey: EncodedKey, { row }: LoadedEntry, result: number, now: number): number {
    const { entries } = this.#context.directory
    const planned = this.#writer.plan(result)
    // Nearly always so. A codec of its own may make a number so long that it becomes a file.
    if (planned?.isFile === false && row.filename === null) {
      entries.setValue(row, encodedKey, planned.mode, planned.data, now)
    } else {
      const { expireTime, tag, moreTags } = row
      this.#writer.putValue(
        encodedKey,
        result,
        { expireTime, tag, moreTags, pin: entries.pin(row.rowid) },
        now,
      )
    }
    return result
  }
}
