import type { Column } from '../../codec/columns.ts'
import { type TagColumns, tagText } from '../../codec/tags/tag-columns.ts'
import type { Connection } from '../connection/connection.ts'
import type { Query } from '../connection/query.ts'
import { TAG_INDEXES } from '../schema/definitions.ts'

/** A row that may have the tag in question: among several, another may have the text of this one in it. */
export interface TaggedRow extends TagColumns {
  /** The content of the column `key`. */
  readonly key: Column
  /** The form of the key, a number of `KeyForm`. */
  readonly raw: bigint
  /** The number of the row, in the order of insertion. */
  readonly rowid: bigint
  /** The name of the value's file, or `null` when the value is in the row. */
  readonly filename: string | null
}

/** What bounds the rows that are looked at. */
export interface RowBounds {
  /** The rowid after which they begin. */
  readonly last: bigint
  /** The rowid up to which they go. */
  readonly newest: bigint
  /** The most of them. */
  readonly limit: number
}

const SELECT = 'SELECT rowid, filename, key, raw, tag, node_tags AS moreTags FROM Cache'

const TAGGED = `
  ${SELECT} WHERE (tag = ? OR instr(node_tags, ?)) AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?`

const UNTAGGED = `${SELECT} WHERE tag IS NULL AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?`

/** By the indexes. Rows with a tag among others come from one of their own. */
const TAGGED_BY_INDEX = `
  ${SELECT} WHERE rowid IN (
    SELECT * FROM (SELECT rowid FROM Cache WHERE tag = ? AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?)
    UNION ALL SELECT * FROM (SELECT entry FROM node_tagged
      WHERE tag = (SELECT value FROM json_each(?)) AND entry > ? AND entry <= ? ORDER BY entry LIMIT ?))
  ORDER BY rowid LIMIT ?`

/** Finds the rows of entries with a tag, or without one, a bounded number at a time. */
export class TaggedRows {
  readonly #indexes: Query<{ count: bigint }>
  readonly #tagged: Query<TaggedRow>
  readonly #untagged: Query<TaggedRow>
  readonly #taggedByIndex: Query<TaggedRow>

  constructor(connection: Connection) {
    this.#indexes = connection.query(TAG_INDEXES)
    this.#tagged = connection.query(TAGGED)
    this.#untagged = connection.query(UNTAGGED)
    this.#taggedByIndex = connection.query(TAGGED_BY_INDEX)
  }

  /** Returns whether all indexes of tags are there now. Another process may make or drop them, Python one of them. */
  haveIndex(): boolean {
    return this.#indexes.get()?.count === 2n
  }

  /** Returns whether the indexes are as the setting says: all of them, or none. */
  areAs(tagIndex: boolean): boolean {
    return this.#indexes.get()?.count === (tagIndex ? 2n : 0n)
  }

  /** Returns the rows that may have a tag, or, where that is `null`, those without one. */
  find(tag: Column, { last, newest, limit }: RowBounds): TaggedRow[] {
    if (tag === null) return this.#untagged.all(last, newest, limit)
    return this.#tagged.all(tag, tagText(tag), last, newest, limit)
  }

  /** Returns the rows that may have a tag, by the indexes. */
  findByIndex(tag: NonNullable<Column>, { last, newest, limit }: RowBounds): TaggedRow[] {
    const bounds = [last, newest, limit] as const
    return this.#taggedByIndex.all(tag, ...bounds, `[${tagText(tag)}]`, ...bounds, limit)
  }
}
