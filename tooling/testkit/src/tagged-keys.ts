import type { Tag } from '@diskcache/core'

/** Keys, in no order, and the tag of the entry of each. */
export const TAGGED_KEYS: readonly (readonly [string, Tag | undefined])[] = [
  ['d', 'text'],
  ['a', 1],
  ['e', undefined],
  ['b', Buffer.from('text')],
  ['da', 'text'],
  ['c', undefined],
]

/** What is neither a tag nor stands for entries without one. */
export const NO_TAGS: readonly unknown[] = [
  ...[null, undefined, [], [null], {}, NaN],
  ...[{ untagged: false }, { untagged: true, tag: 1 }],
]
