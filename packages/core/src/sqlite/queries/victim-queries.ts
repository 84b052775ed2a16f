import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import type { EvictionOrder, EvictionPolicy } from '../schema/eviction-policy.ts'
import { ROW_BYTES, type SizedRow } from './removal-queries.ts'

/** A row that may be evicted, and the number by which the policy orders it when it was found. */
export interface Candidate {
  /** The number of the row, in the order of insertion. */
  readonly rowid: bigint
  /** The number by which the policy orders entries. */
  readonly rank: number | bigint | null
  /** About the bytes that its removal frees, of a row that is pinned within its share. */
  readonly bytes?: bigint
}

/** The number of places at which a sample looks, and of rows that it looks at from there on. */
const PLACES = 8
const ROWS_AT_A_PLACE = 64

const EXTENT = 'SELECT (SELECT MIN(rowid) FROM Cache) AS first, (SELECT MAX(rowid) FROM Cache) AS last'

/** The rows that queries are about: those that are not pinned, or those that are pinned within their share. */
export type VictimKind = 'unpinned' | 'share'

const CONDITIONS: Record<VictimKind, string> = { unpinned: 'node_pin IS NULL', share: 'node_pin = 0' }

/** The number by which rows are ordered, and its direction. */
interface Ranking {
  readonly rank: string
  readonly direction: 'ASC' | 'DESC'
}

const RANKS: Record<EvictionOrder['by'], string> = {
  storeTime: 'store_time',
  accessTime: 'access_time',
  accessCount: 'access_count',
  // What never expires comes after everything that does.
  expireTime: 'COALESCE(expire_time, 9e999)',
  size: `(${ROW_BYTES})`,
}

const RANKINGS: Record<string, Ranking> = {
  'least-recently-stored': { rank: RANKS.storeTime, direction: 'ASC' },
  'least-recently-used': { rank: RANKS.accessTime, direction: 'ASC' },
  'least-frequently-used': { rank: RANKS.accessCount, direction: 'ASC' },
}

/** What is found of a row. */
const FOUND: Record<VictimKind, string> = { unpinned: '', share: `, ${ROW_BYTES} AS bytes` }

const first = ({ rank, direction }: Ranking, kind: VictimKind) => `
  SELECT rowid, ${rank} AS rank ${FOUND[kind]} FROM Cache WHERE ${CONDITIONS[kind]} ORDER BY ${rank} ${direction}, rowid LIMIT ?`

const sample = ({ rank, direction }: Ranking, kind: VictimKind) => `
  SELECT * FROM (
    ${Array(PLACES)
      .fill(
        `SELECT * FROM (SELECT rowid, ${rank} AS rank, node_pin ${FOUND[kind]} FROM Cache WHERE rowid >= ?
         ORDER BY rowid LIMIT ${ROWS_AT_A_PLACE})`,
      )
      .join(' UNION ALL ')}
  ) WHERE ${CONDITIONS[kind]} ORDER BY rank ${direction}, rowid LIMIT ?`

const victim = ({ rank }: Ranking, kind: VictimKind) => `
  SELECT rowid, filename, ${ROW_BYTES} AS bytes
  FROM Cache WHERE rowid = ? AND ${rank} IS ? AND ${CONDITIONS[kind]}`

function rankingOf(policy: EvictionPolicy): Ranking {
  if (typeof policy === 'object')
    return { rank: RANKS[policy.by], direction: policy.first === 'lowest' ? 'ASC' : 'DESC' }
  const ranking = RANKINGS[policy]
  if (ranking === undefined) throw new TypeError(`Cannot order rows by the policy ${policy}`)
  return ranking
}

/** Finds rows to evict, in the order of a policy. Those that are pinned in any case are never among them. */
export class VictimQueries {
  /** The number of rows that a sample looks at. */
  static readonly SAMPLE = PLACES * ROWS_AT_A_PLACE
  readonly #extent: Query<{ first: bigint | null; last: bigint | null }>
  readonly #first: Query<Candidate>
  readonly #sample: Query<Candidate>
  readonly #victim: Query<SizedRow>

  /** Prepares the statements for a policy that evicts and one kind of rows. */
  constructor(connection: Connection, policy: EvictionPolicy, kind: VictimKind = 'unpinned') {
    const ranking = rankingOf(policy)
    this.#extent = connection.query(EXTENT)
    this.#first = connection.query(first(ranking, kind))
    this.#sample = connection.query(sample(ranking, kind))
    this.#victim = connection.query(victim(ranking, kind))
  }

  /** Returns the rows that come first of all. Without an index of the column it looks at every row. */
  first(limit: number): Candidate[] {
    return this.#first.all(limit)
  }

  /**
   * Returns the rows that come first in a sample: rows at the beginning of the table, where those stand that were
   * inserted first, and at a random place in each equal part of it.
   */
  sample(limit: number): Candidate[] {
    const { first, last } = this.#extent.get() ?? { first: null, last: null }
    if (first === null || last === null) return []
    const step = Number(last - first) / (PLACES - 1)
    const places = Array.from({ length: PLACES }, (_, i) =>
      i === 0 ? first : first + BigInt(Math.floor((i - Math.random()) * step)),
    )
    return this.#sample.all(...places, limit)
  }

  /** Returns the row, or `undefined` when it was used, renewed, pinned or removed since it was found. */
  confirm({ rowid, rank }: Candidate): SizedRow | undefined {
    return this.#victim.get(rowid, rank)
  }
}
