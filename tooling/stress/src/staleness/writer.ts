import { ok } from 'node:assert'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { AsyncStore } from '@diskcache/cache'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import { FILE_FORMS, type Form, stamped } from '../../../../packages/cache/tests/processes/stamped-value.ts'
import {
  HistoryLog,
  KEY_COUNT,
  keyOf,
  TAG_COUNT,
  tagOf,
  WRITES_PER_SECOND,
  type WriteKind,
} from './history-log.ts'
import { openSharedStore, type SharedStoreJob } from './open-shared-store.ts'

export interface WriterJob {
  readonly store: SharedStoreJob
  readonly seed: number
  /** The sequence number of the first write. */
  readonly first: number
  /** The file to which it logs what it does. */
  readonly log: string
  /** It ends when there is such a file. */
  readonly stop: string
}

/** One in five is in a file. */
const SMALL: readonly Form[] = ['text', 'bytes', 'object']
const IN_FILES = 0.2

role<WriterJob, undefined>(async ({ store, seed, first, log, stop }, barrier) => {
  using history = new HistoryLog(log)
  const { promises } = openSharedStore(store)
  const writer = new Writer(promises, history, new Random(seed, first), first)
  await barrier()
  for (let key = 0; key < KEY_COUNT; key++) await writer.set(key, null)
  for (let due = Date.now(); !existsSync(stop); await setTimeout(1)) {
    // What could not be done in time is left, rather than done all at once.
    const now = Date.now()
    due = Math.max(due, now - 100)
    for (; due < now; due += 1e3 / WRITES_PER_SECOND) await writer.step()
  }
  await promises.close()
  return undefined
})

/** Writes at random, one thing after the other, and logs each. */
class Writer {
  readonly #promises: AsyncStore<string>
  readonly #history: HistoryLog
  readonly #random: Random
  #sequence: number

  constructor(promises: AsyncStore<string>, history: HistoryLog, random: Random, first: number) {
    this.#promises = promises
    this.#history = history
    this.#random = random
    this.#sequence = first
  }

  step(): Promise<void> {
    const chance = this.#random.below(1_000)
    const key = this.#random.below(KEY_COUNT)
    const ttl = 1 + this.#random.below(300)
    if (chance < 3) return this.#evict(key % TAG_COUNT)
    if (chance < 80) return this.#delete(key)
    if (chance < 200) return this.#touch(key, ttl)
    return this.set(key, chance < 400 ? ttl : null)
  }

  set(key: number, ttl: number | null): Promise<void> {
    return this.#write('set', [key], ttl, async (sequence) => {
      const name = keyOf(key)
      const form = this.#random.pick(this.#random.chance(IN_FILES) ? FILE_FORMS : SMALL)
      const value = stamped({ key: name, writer: 0, sequence }, form, this.#random)
      const options = { tag: tagOf(key), ...(ttl !== null && { ttl }) }
      ok(await this.#promises.set(name, value, options))
      return true
    })
  }

  #delete(key: number): Promise<void> {
    return this.#write('delete', [key], null, () => this.#promises.delete(keyOf(key)))
  }

  #touch(key: number, ttl: number): Promise<void> {
    return this.#write('touch', [key], ttl, () => this.#promises.touch(keyOf(key), { ttl }))
  }

  #evict(tag: number): Promise<void> {
    const keys = Array.from({ length: KEY_COUNT }, (_, key) => key).filter((key) => key % TAG_COUNT === tag)
    return this.#write('evict', keys, null, async () => (await this.#promises.evict(tagOf(tag))) > 0)
  }

  async #write(
    kind: WriteKind,
    keys: readonly number[],
    ttl: number | null,
    write: (sequence: number) => Promise<boolean>,
  ): Promise<void> {
    const sequence = this.#sequence++
    this.#history.began({ sequence, kind, keys, ttl })
    this.#history.done(sequence, await write(sequence))
  }
}
