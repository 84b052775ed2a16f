/** Begin and end in milliseconds, since the moment at which the study began. */
export type Stretch = readonly [begin: number, end: number]

/** What happened in one process. */
export interface Recording {
  /** Calls, as a caller sees them. */
  readonly calls: readonly Stretch[]
  /** Times at which the work was really done. */
  readonly runs: readonly Stretch[]
}

/** What one process is told as its argument; durations in milliseconds. */
export interface CallerSettings {
  readonly directory: string
  /** Name of the strategy. */
  readonly strategy: string
  readonly callers: number
  /** How long they call again and again; 0: each calls once. */
  readonly duration: number
  /** Between two calls of a caller. */
  readonly pause: number
  /** How long the work takes. */
  readonly work: number
  readonly ttl: number
}
