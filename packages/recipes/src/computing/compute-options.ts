import {
  checkBoolean,
  checkFunction,
  checkLease,
  checkNumber,
  checkOptions,
  checkPatience,
  checkResultOptions,
  checkWait,
  type PatienceOptions,
  RESULT_OPTION_NAMES,
  type ResultOptions,
  type Tags,
  type Ttl,
  WAIT_OPTION_NAMES,
  type WaitOptions,
} from '@diskcache/core'

/**
 * How `getOrSet` and `memoizeStampede` keep and compute a value. `timeout` and `signal` limit the wait of one caller,
 * not the computation.
 */
export interface GetOrSetOptions<V = unknown> extends WaitOptions, PatienceOptions, ResultOptions<V> {
  /**
   * How long a value is fresh, in milliseconds, or a range of it, of which one is drawn for each value, or a function of
   * the value that returns either. Left out, it is the default of the store; without one, and with `Infinity`, it is for
   * ever. With 0 and no `staleFor` nothing is kept, but callers of one process share a computation; with a function that
   * returns it, those of others, too.
   */
  ttl?: Ttl | ((value: V) => Ttl) | undefined
  /**
   * Tells whether a value is kept; all are unless given. What is not kept goes to those who wait for it, in all processes,
   * and leaves a value that is there.
   */
  keep?: ((value: V) => boolean) | undefined
  /**
   * How long a failure is kept, in milliseconds, or a function of the error that returns it: so long, callers in all
   * processes get the failure at once, unless there is a value. 0 by default.
   */
  failureTtl?: number | ((error: unknown) => number) | undefined
  /** A label for `evict`, or several, which removes the value, also one that is being computed. None by default. */
  tag?: Tags | undefined
  /** How early a value is computed anew before it expires: 1 by default, more is earlier, 0 is never. */
  beta?: number | undefined
  /** How long an expired value is still served, in milliseconds, while one caller computes it anew. 0 by default. */
  staleFor?: number | undefined
  /**
   * Whether, while the store is away, a value that is not staler than `staleFor` is served from the memory of this process,
   * in a store with the option `memory`: it is one that this process has seen, and others may have changed or forgotten it
   * since. `false` by default: then it is computed.
   */
  staleIfAway?: boolean | undefined
  /**
   * The time in milliseconds after which another process takes over from one that died while it computed: 5,000 by
   * default, at least 100.
   */
  lease?: number | undefined
  /**
   * The longest time in milliseconds for which a computation keeps others from the same: 20 leases by default, at least
   * one. Then its signal fires, another may begin, and what it still gives goes to the caller alone that began it.
   */
  computeTimeout?: number | undefined
  /**
   * Called with failures that no caller sees: those of the store, and of computing in the background. Without it, they
   * only reach the channel `diskcache:error`. While the store is away, it is called for each call, with
   * `ERR_DISKCACHE_UNAVAILABLE`; the channel is told once.
   */
  onError?: ((error: unknown) => void) | undefined
}

export const COMPUTE_OPTION_NAMES = [
  ...RESULT_OPTION_NAMES,
  'tag',
  'beta',
  'staleFor',
  'staleIfAway',
  'lease',
  'computeTimeout',
  'storeTimeout',
  'onError',
] as const

/** How many leases a computation may take, unless the options say otherwise. */
const LEASES_PER_COMPUTATION = 20

/** The options of a computation with their defaults. */
export interface ComputeOptions extends Readonly<ResultOptions<never>> {
  readonly tag: Tags | undefined
  readonly beta: number
  readonly staleFor: number
  readonly staleIfAway: boolean
  readonly lease: number
  readonly computeTimeout: number
  readonly storeTimeout: number | undefined
  readonly onError: ((error: unknown) => void) | undefined
}

/**
 * Returns the options with their defaults.
 *
 * @throws TypeError, RangeError naming the option that is unknown or illegal
 */
export function getOrSetOptions(options: GetOrSetOptions<never>): ComputeOptions {
  checkOptions('the options of getOrSet', options, [...COMPUTE_OPTION_NAMES, ...WAIT_OPTION_NAMES])
  checkWait(options)
  return computeOptions(options)
}

/**
 * Returns the options with their defaults, of options whose names are checked already.
 *
 * @throws TypeError, RangeError naming the option that is illegal
 */
export function computeOptions(options: GetOrSetOptions<never>): ComputeOptions {
  checkResultOptions(options)
  const { ttl, keep, failureTtl, storeTimeout } = options
  const { tag, beta = 1, staleFor = 0, staleIfAway = false, lease = 5_000, onError } = options
  checkNumber('beta', beta, { min: 0 })
  checkNumber('staleFor', staleFor, { min: 0, infinity: true })
  checkBoolean('staleIfAway', staleIfAway)
  checkLease(lease)
  const { computeTimeout = lease * LEASES_PER_COMPUTATION } = options
  checkNumber('computeTimeout', computeTimeout, { min: lease, infinity: true })
  checkPatience(options)
  if (onError !== undefined) checkFunction('onError', onError)
  const decisions = { ttl, keep, failureTtl }
  return { ...decisions, tag, beta, staleFor, staleIfAway, lease, computeTimeout, storeTimeout, onError }
}
