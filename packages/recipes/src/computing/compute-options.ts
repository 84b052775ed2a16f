import {
  checkFunction,
  checkLease,
  checkNumber,
  checkOptions,
  checkWait,
  type Tag,
  WAIT_OPTION_NAMES,
  type WaitOptions,
} from '@diskcache/core'

export interface GetOrSetOptions extends WaitOptions {
  /** Time to live in milliseconds; left out or `Infinity`: for ever. `0` without `staleFor` keeps nothing. */
  ttl?: number | undefined
  tag?: Tag | undefined
  /** How early a value is computed anew before it expires: 1; more is earlier, 0 never. */
  beta?: number | undefined
  /** How long a value is served after it expired, while one caller computes it anew; 0 milliseconds. */
  staleFor?: number | undefined
  /** Milliseconds after which another process takes over from one that died while it computed; 5,000. */
  lease?: number | undefined
  /** Is told of failures that no caller sees: of the store, and of computing in the background. */
  onError?: ((error: unknown) => void) | undefined
}

export const COMPUTE_OPTION_NAMES = ['ttl', 'tag', 'beta', 'staleFor', 'lease', 'onError'] as const

/** The options with their defaults. */
export interface ComputeOptions {
  readonly ttl: number
  readonly tag: Tag | undefined
  readonly beta: number
  readonly staleFor: number
  readonly lease: number
  readonly onError: ((error: unknown) => void) | undefined
}

/** Throws `TypeError` or `RangeError` that names the option. */
export function getOrSetOptions(options: GetOrSetOptions): ComputeOptions {
  checkOptions('the options of getOrSet', options, [...COMPUTE_OPTION_NAMES, ...WAIT_OPTION_NAMES])
  checkWait(options)
  return computeOptions(options)
}

/** As `getOrSetOptions`, for options whose names are checked already. */
export function computeOptions(options: GetOrSetOptions): ComputeOptions {
  const { ttl = Infinity, tag, beta = 1, staleFor = 0, lease = 5_000, onError } = options
  checkNumber('ttl', ttl, { min: 0, infinity: true })
  checkNumber('beta', beta, { min: 0 })
  checkNumber('staleFor', staleFor, { min: 0, infinity: true })
  checkLease(lease)
  if (onError !== undefined) checkFunction('onError', onError)
  return { ttl, tag, beta, staleFor, lease, onError }
}
