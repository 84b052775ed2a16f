import type { ListOrder } from '@diskcache/core'

/** A column of the list, and the order that its heading gives. */
export interface Column {
  readonly name: string
  readonly title: string
  readonly order?: ListOrder
  /** Whether the first click sorts downwards: large, new and often read first. */
  readonly isReversedFirst?: boolean
}

export const COLUMNS: readonly Column[] = [
  { name: 'key', title: 'Key', order: 'key' },
  { name: 'kind', title: 'Kind' },
  { name: 'size', title: 'Size', order: 'size', isReversedFirst: true },
  { name: 'age', title: 'Age', order: 'stored', isReversedFirst: true },
  { name: 'expiry', title: 'Expires', order: 'expiry' },
  { name: 'hits', title: 'Hits', order: 'hits', isReversedFirst: true },
  { name: 'tags', title: 'Tags' },
  { name: 'pin', title: 'Pinned' },
  { name: 'file', title: 'File' },
]
