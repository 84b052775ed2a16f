import type { CacheOptions } from '@diskcache/cache'
import { type Change, checkPatience, type Entry, type PatienceOptions } from '@diskcache/core'
import { E_LOCK_NOT_OWNED } from '@verrou/core'
import type { LockStore } from '@verrou/core/types'
import { openStore, type StoreSource } from '../store/open-store.ts'
import { PatientStore } from '../store/patient-store.ts'

/** The options of a {@link VerrouStore}: for a directory, also those of the `Cache` that is opened there. */
export interface VerrouStoreOptions extends CacheOptions, PatienceOptions {
  /**
   * How long the store may keep one operation waiting, in milliseconds, before it fails; a second unless given, since
   * nobody can go on who does not know whether a lock is theirs. `Infinity` for as long as the store itself waits.
   */
  storeTimeout?: number | undefined
}

/**
 * A store for the locks of verrou: a `Cache`, a `FanoutCache`, anything that implements `AsyncStore`, or a directory, in
 * which it opens a `Cache`. All processes that use the same have the same locks. It is the `driver` of a store of `Verrou`,
 * and what a `LockFactory` takes.
 *
 * A lock is an entry of the store under the string `verrou:<key>`, whose value is the token of its owner. It is not evicted,
 * and expires by itself, so that a process which is killed holds it no longer than its time to live.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { VerrouStore } from '@diskcache/adapters/verrou'
 * import { Verrou } from '@verrou/core'
 *
 * const disk = new VerrouStore('cache-directory')
 * const verrou = new Verrou({ default: 'disk', stores: { disk: { driver: disk } } })
 * const [isDone, total] = await verrou.createLock('report', '30s').run(async () => 6 * 7)
 * assert.deepEqual([isDone, total], [true, 42])
 * await disk.disconnect()
 * ```
 */
export class VerrouStore implements LockStore {
  readonly #patient: PatientStore
  readonly #disconnect: () => Promise<void>

  /**
   * Opens a `Cache` in a directory, with `options`, which {@link disconnect} closes; or takes the store that is given.
   *
   * @throws TypeError, RangeError for something that is no store, or an unknown or illegal option
   */
  constructor(source: StoreSource, { storeTimeout = 1_000, ...options }: VerrouStoreOptions = {}) {
    checkPatience({ storeTimeout })
    const { store, isOwn } = openStore(source, options)
    this.#patient = new PatientStore(store, { storeTimeout })
    this.#disconnect = async () => {
      if (isOwn) await store.close()
    }
  }

  /** Returns this object, for which `Verrou` asks its drivers. */
  factory(): this {
    return this
  }

  /**
   * Takes a lock for `ttl` milliseconds, for ever with `null` or 0, and resolves to whether nobody had it: of several
   * processes exactly one gets `true`. An owner who has it already does not get it again.
   */
  save(key: string, owner: string, ttl: number | null): Promise<boolean> {
    return this.#patient.write((store, { signal }) =>
      store.add(storeKey(key), owner, { ttl: ttl || Infinity, pin: true, signal }),
    )
  }

  /**
   * Releases a lock of this owner.
   *
   * @throws E_LOCK_NOT_OWNED when another owner has it, or nobody, as when it has expired
   */
  delete(key: string, owner: string): Promise<void> {
    return this.#change(key, owner, { delete: true })
  }

  /** Releases a lock, whoever has it. */
  async forceDelete(key: string): Promise<void> {
    await this.#patient.write((store, options) => store.delete(storeKey(key), options))
  }

  /** Resolves to whether anybody has the lock. */
  exists(key: string): Promise<boolean> {
    return this.#patient.read((store, options) => store.has(storeKey(key), options))
  }

  /**
   * Lets a lock of this owner expire in `duration` milliseconds from now.
   *
   * @throws E_LOCK_NOT_OWNED when another owner has it, or nobody, as when it has expired
   */
  extend(key: string, owner: string, duration: number): Promise<void> {
    return this.#change(key, owner, { set: owner, ttl: duration })
  }

  /** Closes the cache that was opened in a directory; the locks stay. */
  disconnect(): Promise<void> {
    return this.#disconnect()
  }

  async #change(key: string, owner: string, change: Change<unknown>): Promise<void> {
    let isOwned = false
    const changeOwned = (entry: Entry<unknown> | undefined): Change<unknown> => {
      isOwned = entry?.value === owner
      return isOwned ? change : { keep: true }
    }
    await this.#patient.write((store, options) => store.update(storeKey(key), changeOwned, options))
    if (!isOwned) throw new E_LOCK_NOT_OWNED()
  }
}

function storeKey(key: string): string {
  return `verrou:${key}`
}
