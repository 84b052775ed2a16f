import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache, type CacheOptions } from '@diskcache/cache'
import { BareDatabase } from './bare-database.ts'
import { entriesRotation } from './workload.ts'

/** A temporary directory with the stores of one comparison, filled with the workload's keys. */
export class Stage implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'diskcache-bench-'))
  readonly #resources = new AsyncDisposableStack()
  #count = 0

  constructor() {
    this.#resources.defer(() => rmSync(this.directory, { recursive: true }))
  }

  cache(options?: CacheOptions): Cache {
    const cache = this.use(new Cache(this.path('cache'), options))
    cache.setMany(entriesRotation().next())
    return cache
  }

  bare(): BareDatabase {
    const bare = this.use(new BareDatabase(`${this.path('bare')}.db`))
    bare.upsertAll(entriesRotation().next())
    return bare
  }

  /** A path in the directory that nothing has yet. */
  path(name: string): string {
    return join(this.directory, `${name}-${++this.#count}`)
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
