/** The integer keys of queues without a prefix, as Python has them. Other integers are ordinary keys, and shift no queue. */
export const QUEUE_KEYS = {
  /** The least key of an item. */
  min: 250_000_000_000_000,
  /** The key of the first item of an empty queue. */
  first: 500_000_000_000_000,
  /** The greatest key of an item. */
  max: 749_999_999_999_999,
} as const
