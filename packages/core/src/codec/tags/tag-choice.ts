import { types } from 'node:util'
import { checkBoolean, checkOptions, quote } from '../../checks/argument-check.ts'
import type { TagChoice } from '../../contract/entry.ts'
import type { IterateOptions } from '../../contract/operation-options.ts'
import type { Column } from '../columns.ts'
import { KINDS_OF_TAGS, tagToColumn } from './tag-column.ts'

/**
 * Returns the tags, as columns, of the entries that are meant, `null` for those without one.
 *
 * @throws TypeError for what is neither a tag, nor an array of tags, nor `{ untagged: true }`
 */
export function checkTagChoice(choice: TagChoice): Column[] {
  if (Array.isArray(choice)) return choice.map((tag) => tagToColumn(tag))
  if (typeof choice !== 'object' || choice === null || types.isUint8Array(choice))
    return [tagToColumn(choice, `${KINDS_OF_TAGS}, or { untagged: true }`)]
  checkOptions('tag', choice, ['untagged'])
  if ('untagged' in choice && choice.untagged === true) return [null]
  throw new TypeError(`Cannot use tag: expected tags or { untagged: true }, got ${quote(choice)}`)
}

/**
 * Returns the tag, as a column, of the entries that an iteration passes through, `null` for those without one, and
 * `undefined` for all entries.
 *
 * @throws TypeError for what cannot be a tag, and for both options at once
 */
export function checkTagFilter({ tag, untagged = false }: IterateOptions): Column | undefined {
  if (!checkBoolean('untagged', untagged)) return tag === undefined ? undefined : tagToColumn(tag)
  if (tag === undefined) return null
  throw new TypeError(`Cannot use tag ${quote(tag)}: it is given together with untagged`)
}
