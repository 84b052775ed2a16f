/** The integer keys of queues without a prefix, as Python has them. Other integers are ordinary keys, and shift no queue. */
export const QUEUE_KEYS = {
  min: 250_000_000_000_000,
  /** That of the first item. */
  first: 500_000_000_000_000,
  max: 749_999_999_999_999,
} as const
