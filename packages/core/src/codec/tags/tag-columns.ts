import type { Tag } from '../../contract/entry.ts'
import type { Column } from '../columns.ts'
import { columnToTag, isSameTag, KINDS_OF_TAGS, tagToColumn } from './tag-column.ts'

/** The most tags that an entry can have. */
export const MOST_TAGS = 128

/** The tags of an entry as columns. */
export interface TagColumns {
  /** The first tag, which is the one that Python sees; `null` for none. */
  readonly tag: Column
  /** The other tags, as a JSON array; `null` for none. */
  readonly moreTags: string | null
}

/** The columns of an entry without tags. */
export const NO_TAGS: TagColumns = Object.freeze({ tag: null, moreTags: null })

/**
 * Returns tags as columns, each once and in their order.
 *
 * @throws TypeError for what cannot be a tag, RangeError for more than {@link MOST_TAGS}
 */
export function tagsToColumns(tags: Tag | readonly Tag[]): TagColumns {
  if (!Array.isArray(tags)) return { tag: tagToColumn(tags, KINDS_OF_TAGS), moreTags: null }
  if (tags.length === 0) return NO_TAGS
  if (tags.length === 1) return { tag: tagToColumn(tags[0]), moreTags: null }
  const [first, ...more] = columnsByText(tags)
  const tag = (first as TagOfText)[1]
  return { tag, moreTags: more.length === 0 ? null : `[${more.map(([text]) => text).join()}]` }
}

/** Returns each of several tags once, as a column of its own, in their order; throws as {@link tagsToColumns} does. */
export function distinctTags(tags: Tag | readonly Tag[]): NonNullable<Column>[] {
  if (!Array.isArray(tags)) return [tagToColumn(tags, KINDS_OF_TAGS)]
  return [...columnsByText(tags)].map(([, column]) => column)
}

type TagOfText = readonly [text: string, column: NonNullable<Column>]

function columnsByText(tags: readonly unknown[]): Iterable<TagOfText> {
  const columns = new Map<string, NonNullable<Column>>()
  for (const tag of tags) {
    const column = tagToColumn(tag)
    columns.set(tagText(column), column)
  }
  if (columns.size <= MOST_TAGS) return columns
  throw new RangeError(`Cannot use tag: expected at most ${MOST_TAGS} tags, got ${columns.size}`)
}

/** Returns the tags that `tagsToColumns` turned into these columns. What damage has made of the others is left out. */
export function columnsToTags({ tag, moreTags }: TagColumns): Tag[] {
  if (tag === null) return []
  return moreTags === null ? [columnToTag(tag)] : [columnToTag(tag), ...parse(moreTags)]
}

/** Returns whether an entry has a tag, or, where that is `null`, none. */
export function hasTag(columns: TagColumns, tag: Column): boolean {
  if (isSameTag(columns.tag, tag)) return true
  if (tag === null || columns.moreTags === null) return false
  return parse(columns.moreTags).some((other) => isSameTag(tagToColumn(other), tag))
}

/** Returns a tag as it stands among several: equal tags give equal texts. */
export function tagText(tag: NonNullable<Column>): string {
  if (typeof tag === 'string') return JSON.stringify(tag)
  if (typeof tag === 'object') return `{"hex":"${tag.toString('hex')}"}`
  // JSON has no other number that is infinite.
  return String(tag).replace('Infinity', '1e999')
}

function parse(moreTags: unknown): Tag[] {
  try {
    const parsed: unknown = JSON.parse(String(moreTags))
    return Array.isArray(parsed) ? parsed.map(parsedTag).filter((tag) => tag !== undefined) : []
  } catch {
    return []
  }
}

function parsedTag(value: unknown): Tag | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value
  const hex = (value as { hex?: unknown } | null)?.hex
  return typeof hex === 'string' ? Buffer.from(hex, 'hex') : undefined
}
