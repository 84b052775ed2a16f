import type { Column } from '../../codec/columns.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import { writeGhostTable } from '../schema/schema.ts'
import { ROW_BYTES, type SizedRow } from './removal-queries.ts'

/** A row at which the sweep of the policy `s3-fifo` looks. */
export interface SweptRow extends SizedRow {
  /** The content of the column `key`. */
  readonly key: Column
  /** The form of the key, a number of `KeyForm`. */
  readonly raw: bigint
  /** What the policy keeps of the row; a bigint, unless the row is damaged. */
  readonly accessCount: unknown
}

/** Where the sweep stands, for all processes. */
export interface SweepPosition {
  /** The rowid up to which the queue of new entries was looked through. */
  readonly looked: bigint
  /** The rowid up to which the main queue was looked through, in the present round. */
  readonly hand: bigint
  /** The number of the newest row of fingerprints, 0 for none. */
  readonly ghosts: bigint
}

/** Fingerprints of keys that were evicted one after the other. */
export interface GhostRow {
  /** The number of the row; later ones have larger ones. */
  readonly id: bigint
  /** 32 bits for each key, little-endian; a Buffer, unless the row is damaged. */
  readonly fingerprints: unknown
}

/** The name of the setting with the position: three numbers. */
const POSITION_ROW = 'node_sweep'

/** The most characters and bytes that are read of what is damaged. */
const LONGEST_POSITION = 64
const LONGEST_ROW = 256

const POSITION = `
  SELECT (SELECT substr(value, 1, ${LONGEST_POSITION}) FROM Settings WHERE key = '${POSITION_ROW}') AS text, MAX(rowid) AS newest FROM Cache`

const SET_POSITION = `INSERT OR REPLACE INTO Settings (key, value) VALUES ('${POSITION_ROW}', ?)`

const NEXT = `
  SELECT rowid, filename, key, raw, access_count AS accessCount, ${ROW_BYTES} AS bytes
  FROM Cache WHERE rowid > ? AND node_pin IS NULL ORDER BY rowid LIMIT 1`

const SET_ACCESS_COUNT = 'UPDATE Cache SET access_count = ? WHERE rowid = ?'

const HAS_GHOSTS = "SELECT 1 FROM sqlite_schema WHERE name = 'node_ghosts'"

const ADD_GHOSTS = 'INSERT OR REPLACE INTO node_ghosts (id, fingerprints) VALUES (?, ?)'

const FORGET_GHOSTS = 'DELETE FROM node_ghosts WHERE id <= ?'

const GHOSTS = `
  SELECT id, substr(fingerprints, 1, ${LONGEST_ROW}) AS fingerprints
  FROM node_ghosts WHERE id > ? ORDER BY id LIMIT ?`

/** Rows in the order of insertion, as the policy `s3-fifo` sweeps through them, and what it keeps beside them. */
export class SweepQueries {
  readonly #connection: Connection
  readonly #position: Query<{ text: unknown; newest: bigint | null }>
  readonly #setPosition: Query
  readonly #next: Query<SweptRow>
  readonly #setAccessCount: Query
  readonly #hasGhosts: Query
  readonly #addGhosts: Query
  readonly #forgetGhosts: Query
  readonly #ghosts: Query<GhostRow>

  /** Prepares the statements at their first use. */
  constructor(connection: Connection) {
    this.#connection = connection
    this.#position = connection.query(POSITION)
    this.#setPosition = connection.query(SET_POSITION)
    this.#next = connection.query(NEXT)
    this.#setAccessCount = connection.query(SET_ACCESS_COUNT)
    this.#hasGhosts = connection.query(HAS_GHOSTS)
    this.#addGhosts = connection.query(ADD_GHOSTS)
    this.#forgetGhosts = connection.query(FORGET_GHOSTS)
    this.#ghosts = connection.query(GHOSTS)
  }

  /**
   * Returns where the sweep stands, and the largest rowid. Where the position is damaged or not there, the sweep begins.
   */
  position(): SweepPosition & { readonly newest: bigint } {
    const { text, newest } = this.#position.get() ?? { text: null, newest: null }
    const isSound = typeof text === 'string' && /^\d{1,18} \d{1,18} \d{1,18}$/.test(text)
    const [looked, hand, ghosts] = (isSound ? text : '0 0 0').split(' ').map(BigInt) as [
      bigint,
      bigint,
      bigint,
    ]
    return { looked, hand, ghosts, newest: newest ?? 0n }
  }

  /** Stores where the sweep stands. */
  setPosition({ looked, hand, ghosts }: SweepPosition): void {
    this.#setPosition.run(`${looked} ${hand} ${ghosts}`)
  }

  /** Returns the next row after a rowid that is not pinned. */
  next(rowid: bigint): SweptRow | undefined {
    return this.#next.get(rowid)
  }

  /** Stores what the policy keeps of a row. */
  setAccessCount(rowid: bigint, accessCount: number): void {
    this.#setAccessCount.run(accessCount, rowid)
  }

  /** Stores fingerprints under a number, and forgets those up to another. */
  addGhosts(id: bigint, fingerprints: Buffer, forgotten: bigint): void {
    // Only where a version that does not know the policy has made the database anew is there no table.
    writeGhostTable(this.#connection)
    this.#addGhosts.run(id, fingerprints)
    this.#forgetGhosts.run(forgotten)
  }

  /** Returns fingerprints that were stored after the row with the number `id`, in their order. */
  ghostsAfter(id: bigint, limit: number): GhostRow[] {
    return this.#hasGhosts.get() === undefined ? [] : this.#ghosts.all(id, limit)
  }
}
