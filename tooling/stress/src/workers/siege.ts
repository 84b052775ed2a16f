import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { setImmediate } from 'node:timers/promises'
import { Cache, DiskCacheError } from '@diskcache/cache'
import { valueFilesIn } from '../../../../packages/cache/tests/processes/directory-walk.ts'
import type { Keyspace } from '../../../../packages/cache/tests/processes/kill/keyspace.ts'
import { Script } from '../../../../packages/cache/tests/processes/kill/script.ts'
import { expectNone, laterClock } from '../../../../packages/cache/tests/processes/soundness.ts'
import { MIN_FILE_SIZE } from '../../../../packages/cache/tests/processes/stamped-value.ts'

/** Reads are counted, and so have something to write, too. Nothing makes room for anything else, also on a full disk. */
const OPTIONS = {
  cullLimit: 0,
  minFileSize: MIN_FILE_SIZE,
  statistics: true,
  evictionPolicy: 'none',
} as const

/** A cache that is used while something it needs is short, beside what it must hold: what failed must have changed nothing. */
export class Siege {
  cache: Cache
  /** How often which error was thrown. */
  readonly errors: Record<string, number> = {}
  readonly #script: Script
  readonly #space: Keyspace
  readonly #filler = new Map<string, string>()
  readonly #isExpected: (error: unknown) => boolean
  #next = 0

  /** `isExpected`: which errors a caller can be asked to handle. */
  constructor(directory: string, seed: number, isExpected: (error: unknown) => boolean) {
    this.cache = new Cache(directory, OPTIONS)
    this.#script = new Script(seed, 0)
    this.#space = this.#script.start()
    this.#isExpected = isExpected
  }

  /** Random operations, any of which may fail. */
  async work(operations: number): Promise<void> {
    for (let i = 0; i < operations; i++) {
      const operation = this.#script.operation(this.#next++)
      if (await this.#succeeds(() => operation.apply(this.cache))) operation.expect(this.#space)
      this.read()
      if (i % 50 === 0) await setImmediate()
    }
  }

  /** Random operations, none of which may fail. */
  async workInPeace(operations: number): Promise<void> {
    const before = { ...this.errors }
    await this.work(operations)
    deepStrictEqual(this.errors, before, 'operations fail although nothing is short any more')
  }

  /** As a process does that starts now. */
  reopen(): void {
    this.cache.close()
    this.cache = new Cache(this.cache.directory, OPTIONS)
  }

  /** Adds entries until that fails, at most so many; gives how many. */
  async fill(most: number): Promise<number> {
    for (let i = 0; i < most; i++) {
      const key = `filler ${this.#filler.size}`
      const value = '#'.repeat(i % 4 === 0 ? 3 * MIN_FILE_SIZE : 1_000)
      if (!(await this.#succeeds(() => this.cache.set(key, value, { pin: true })))) return i
      this.#filler.set(key, value)
    }
    return most
  }

  /** Whether the filler can be removed now. */
  async empty(): Promise<boolean> {
    for (const key of this.#filler.keys()) {
      if (!(await this.#succeeds(() => this.cache.delete(key)))) return false
      this.#filler.delete(key)
    }
    return true
  }

  /** Reads must go on, and find what is there. */
  read(): void {
    const key = `filler ${(this.#next * 7) % (this.#filler.size + 1)}`
    try {
      const found = this.cache.get(key)
      ok(found === this.#filler.get(key), `${key} is not what was written`)
    } catch (error) {
      throw new Error(`Cannot read: ${(error as Error).message}`, { cause: error })
    }
  }

  /** Neither rows nor files are left of what failed. */
  expectWhole(): void {
    strictEqual(this.#space.difference(this.cache), undefined)
    for (const [key, value] of this.#filler)
      ok(this.cache.get(key) === value, `${key} is not what was written`)
    const fillerFiles = [...this.#filler.values()].filter((value) => value.length >= MIN_FILE_SIZE).length
    strictEqual(
      valueFilesIn(this.cache.directory).length,
      this.#space.fileCount + fillerFiles,
      'the number of files',
    )
    expectNone(this.cache.check(), 'check()')
  }

  /** Closes it; an hour later there is neither harm nor waste. Gives the number of empty directories, which cost nothing. */
  close(): number {
    this.cache.close()
    using later = new Cache(this.cache.directory, { clock: laterClock })
    const problems = later.check({ fix: true })
    expectNone(
      problems.filter(({ kind }) => kind !== 'empty-directory'),
      'check() an hour later',
    )
    expectNone(later.check(), 'check() after the sweep')
    return problems.length
  }

  async #succeeds(act: () => unknown): Promise<boolean> {
    try {
      await act()
      return true
    } catch (error) {
      if (!this.#isExpected(error))
        throw new Error(`Not an error that one could handle: ${error}`, { cause: error })
      const { code = 'no code' } = error as { code?: string }
      this.errors[code] = (this.errors[code] ?? 0) + 1
      return false
    }
  }
}

export function isDiskCacheError(error: unknown): boolean {
  return error instanceof DiskCacheError
}
