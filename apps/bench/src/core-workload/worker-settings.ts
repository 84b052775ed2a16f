/** How much one process does. */
export interface Length {
  readonly operations: number
  /** Number of the last operation that does not count, from 0. */
  readonly warmUp: number
}

/** What a worker process is told on its command line, as JSON. */
export interface WorkerSettings extends Length {
  readonly directory: string
  /** `null`: a cache that is not sharded. */
  readonly shards: number | null
  /** How long an operation may wait for other processes, in milliseconds. */
  readonly timeout: number
  /** A different one for each process. */
  readonly seed: number
}
