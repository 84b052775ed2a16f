/** The options that choose one of the two ends of the order of insertion. */
export interface EdgeOptions {
  /** Whether the entry that was inserted last is meant, or the first; `true` unless given. */
  last?: boolean | undefined
}
