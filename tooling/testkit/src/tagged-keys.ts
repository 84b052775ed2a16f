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
  ...[null, undefined, [null], ['a', NaN], [{ untagged: true }], {}, NaN],
  ...[{ untagged: false }, { untagged: true, tag: 1 }],
]

/** Tags that are easily taken for each other where several stand together. */
export const SIMILAR_TAGS: readonly Tag[] = [
  ...[
    'a',
    'aa',
    'A',
    '',
    '"a"',
    'a","b',
    '[]',
    '\\',
    "'",
    '%',
    'a\0b',
    'a\0',
    '\n',
    'é',
    '😀',
    'x'.repeat(2_000),
  ],
  ...[
    1,
    11,
    -1,
    '1',
    1.5,
    '1.5',
    2 ** 53 - 1,
    1e300,
    5e-324,
    0.1 + 0.2,
    Infinity,
    -Infinity,
    'Infinity',
    '1e999',
  ],
  ...[Buffer.from('a'), Buffer.alloc(0), Buffer.from([0xff]), '{"hex":"61"}', '61'],
]

/** More tags than an entry can have. */
export const TOO_MANY_TAGS: readonly Tag[] = Array.from({ length: 129 }, (_, i) => i)
