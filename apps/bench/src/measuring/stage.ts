import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache, type CacheOptions } from '@diskcache/cache'
import { type BareDatabase, bareDatabase } from './bare-database.ts'
import { SMALL, Workload } from './workload.ts'

/** A temporary directory with stores, of which some are filled with the keys of the workload. */
export class Stage implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'diskcache-bench-'))
  readonly #resources = new AsyncDisposableStack()
  #count = 0

  constructor() {
    this.#resources.defer(() => rmSync(this.directory, { recursive: true }))
  }

  cache(options?: CacheOptions): Cache {
    const cache = this.emptyCache(options)
    cache.setMany(new Workload().entries(SMALL.keys))
    return cache
  }

  emptyCache(options?: CacheOptions): Cache {
    return this.use(new Cache(this.path('cache'), options))
  }

  bare(): BareDatabase {
    const bare = this.emptyBare()
    bare.upsertAll(new Workload().entries(SMALL.keys))
    return bare
  }

  emptyBare(): BareDatabase {
    return this.use(bareDatabase(`${this.path('bare')}.db`))
  }

  /** A path in the directory that nothing has yet. */
  path(name: string): string {
    return join(this.directory, `${name}-${++this.#count}`)
  }

  /** A new directory in it. */
  directoryOf(name: string): string {
    const path = this.path(name)
    mkdirSync(path)
    return path
  }

  /** Disposes of `resource` at the end. */
  use<T extends Disposable | AsyncDisposable>(resource: T): T {
    return this.#resources.use(resource)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync()
  }
}

/** Where the SQLite database of a cache, or of a collection, is. */
export function databaseOf({ directory }: { readonly directory: string }): string {
  return join(directory, 'cache.db')
}
