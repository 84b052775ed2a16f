import type { Connection } from './connection/connection.ts'
import type { Query } from './connection/query.ts'
import { type FileTotals, VolumeQueries } from './queries/volume-queries.ts'

/** The names of the counters that stand in the table Settings. */
export type CounterName = 'count' | 'size' | 'hits' | 'misses'

/**
 * What a cache takes on the disk whatever is in it, in bytes: the file of the log's index, and the directory itself.
 */
const FIXED_BYTES = 32_768 + 4_096

/** What a directory of value files takes, in bytes: two levels, and the name of each file. */
const DIRECTORY_BYTES = 2 * 4_096
const NAME_BYTES = 48

/** The part by which counters may change before the files are looked at again. */
const NEWS = 1 / 32

/** The part by which a counter may change before it is believed only after counting. */
const LEAP = 1 / 4

/** The least number of measurements after which the files are looked at again in any case. */
const MIN_LIFE = 64

interface Counters {
  readonly count: number
  readonly size: number
}

/** The counters at the last look at the files, and what that look has found. */
interface Look extends Counters {
  /** What the files take beyond their lengths, in bytes. */
  readonly overhead: number
  /** The number of measurements for which it may serve. */
  readonly life: number
}

/**
 * Measures what a cache takes on the disk, without the log: pages, the blocks of files, their directories. Triggers
 * keep counters, of rows and of the bytes in files; what files take beyond their bytes is measured now and then, and
 * in between taken to be in proportion. Counters that cannot be true, or have changed by leaps, are counted anew.
 */
export class Volume {
  readonly #connection: Connection
  readonly #queries: VolumeQueries
  readonly #counter: Query<{ value: unknown }>
  readonly #setCounter: Query
  #look: Look | undefined
  #age = 0

  constructor(connection: Connection) {
    this.#connection = connection
    this.#queries = new VolumeQueries(connection)
    this.#counter = connection.query('SELECT value FROM Settings WHERE key = ?')
    this.#setCounter = connection.query('INSERT OR REPLACE INTO Settings (key, value) VALUES (?, ?)')
  }

  /** The size of a page, in bytes. */
  get pageSize(): number {
    return this.#queries.pageSize
  }

  /** Returns the bytes of the database pages in use. */
  pages(): number {
    return this.#queries.pages()
  }

  /** Returns the bytes that the cache takes. */
  bytes(): number {
    let counters = { count: this.counter('count'), size: this.counter('size') }
    if (this.#isNews(counters)) counters = this.#lookAtFiles(counters)
    const { overhead, size } = this.#look as Look
    const share = size === 0 ? 0 : (overhead * counters.size) / size
    return FIXED_BYTES + this.#queries.pages() + counters.size + Math.ceil(share)
  }

  /** Returns a counter, which is counted anew when what stands in the database cannot be true. */
  counter(name: CounterName): number {
    const value = this.#counter.get(name)?.value
    if (typeof value === 'bigint' && value >= 0n && value <= Number.MAX_SAFE_INTEGER) return Number(value)
    return this.#mend(name)
  }

  #isNews({ count, size }: Counters): boolean {
    const look = this.#look
    if (look === undefined || ++this.#age > look.life) return true
    return differ(count, look.count, NEWS) || differ(size, look.size, NEWS)
  }

  /** Looks at the files, and counts where the counters seem to be wrong; returns the counters. */
  #lookAtFiles({ count, size }: Counters): Counters {
    const before = this.#look
    const exact = this.#queries.totals()
    const totals = exact ?? this.#queries.estimate()
    const isLeap = before === undefined || differ(size, before.size, LEAP)
    const isWrong =
      exact === undefined ? isLeap && Number(this.#queries.size()) !== size : exact.bytes !== size
    const counters = {
      count: this.#isPossible(count, totals, before) ? count : this.#mend('count'),
      size: isWrong ? this.#mend('size') : size,
    }
    const overhead = totals.waste + totals.directories * DIRECTORY_BYTES + totals.files * NAME_BYTES
    this.#look = { ...counters, overhead, life: Math.max(MIN_LIFE, totals.files / 4) }
    this.#age = 0
    return counters
  }

  #isPossible(count: number, { files }: FileTotals, before: Look | undefined): boolean {
    if (before !== undefined && differ(count, before.count, LEAP))
      return Number(this.#queries.count()) === count
    return count >= files && count <= this.#queries.mostRows()
  }

  /** Counts, and stores what was counted where a transaction is under way; returns it. */
  #mend(name: CounterName): number {
    const value = this.#actual(name)
    if (this.#connection.inTransaction) this.#setCounter.run(name, value)
    return Number(value)
  }

  #actual(name: CounterName): bigint {
    if (name === 'count') return this.#queries.count()
    return name === 'size' ? this.#queries.size() : 0n
  }
}

/** Returns whether a number has changed by more than a part of what it was. */
function differ(now: number, before: number, part: number): boolean {
  return Math.abs(now - before) > before * part
}
