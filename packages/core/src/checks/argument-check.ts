import { inspect } from 'node:util'

/** Returns a value as it should appear in an error message: in one line of at most 80 characters. */
export function quote(value: unknown): string {
  const text = typeof value === 'bigint' ? quotedBigint(value) : inspected(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** The least bigint whose digits would not fit. To make them takes seconds for one of millions of digits. */
const LONG_BIGINT = 10n ** 80n

function quotedBigint(value: bigint): string {
  return value < LONG_BIGINT && value > -LONG_BIGINT ? `${value}n` : 'a bigint of more than 80 digits'
}

function inspected(value: unknown): string {
  try {
    return inspect(value, { depth: 1, breakLength: Infinity })
  } catch {
    // The value's own way of being inspected fails.
    return Object.prototype.toString.call(value)
  }
}

/**
 * Throws `TypeError` for an options bag that is not an object, or has a member that is not in `known`. `kinds` is what is
 * allowed, for the message, where that is more than an object.
 */
export function checkOptions(
  what: string,
  options: unknown,
  known: readonly string[],
  kinds = 'an object',
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`Cannot use ${what}: expected ${kinds}, got ${quote(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    throw new TypeError(`Cannot use ${what}: unknown option '${name}', known are ${known.join(', ')}`)
  }
}

/** Returns whether this may be an options bag, or there is none; what is not is left to whoever checks the options. */
export function isOptions(options: unknown): options is object | undefined {
  return options === undefined || (typeof options === 'object' && options !== null)
}

/** The numbers that `checkNumber` accepts: all of them, unless a member says otherwise. */
export interface NumberRange {
  min?: number
  max?: number
  integer?: boolean
  /** Whether `Infinity` is accepted beside the range; `false` unless given. */
  infinity?: boolean
  /** What is allowed, for the message, where that is more than a number. */
  kinds?: string
}

/**
 * Returns `value` when it is a number of the range.
 *
 * @throws TypeError for what is no number
 * @throws RangeError for `NaN`, and for a number outside the range
 */
export function checkNumber(name: string, value: unknown, range: NumberRange = {}): number {
  const { min = -Infinity, max = Infinity, integer = false, infinity = false, kinds = 'a number' } = range
  if (typeof value !== 'number')
    throw new TypeError(`Cannot use ${name}: expected ${kinds}, got ${quote(value)}`)
  if (infinity && value === Infinity) return value
  if (value >= min && value <= max && Number.isFinite(value) && (!integer || Number.isInteger(value)))
    return value
  const kind = integer ? 'an integer' : 'a number'
  const bounds = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`
  const also = infinity ? ', or Infinity' : ''
  throw new RangeError(`Cannot use ${name}: expected ${kind} ${bounds}${also}, got ${quote(value)}`)
}

/** Returns `value` when it is a boolean, and throws `TypeError` that names it otherwise. */
export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new TypeError(`Cannot use ${name}: expected a boolean, got ${quote(value)}`)
}

/** Returns `value` when it is a string, and throws `TypeError` that names it otherwise. */
export function checkString(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError(`Cannot use ${name}: expected a string, got ${quote(value)}`)
}

/**
 * Returns the option `name`, which tells things apart; throws `TypeError` for what is no string, `RangeError` for an
 * empty one.
 */
export function checkName(name: unknown): string {
  if (checkString('name', name) === '') throw new RangeError('Cannot use name: it is empty')
  return name as string
}

/** Throws `TypeError` that names the argument for what is no function. */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function')
    throw new TypeError(`Cannot use ${name}: expected a function, got ${quote(value)}`)
}

/** Throws `TypeError` that names the argument for what cannot be iterated over. */
export function checkIterable(name: string, value: unknown): void {
  if (typeof (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] !== 'function')
    throw new TypeError(`Cannot use ${name}: expected an iterable, got ${quote(value)}`)
}

/**
 * Returns `value` when it is one of `choices`, and throws `RangeError` that lists them otherwise. `other` is what else is
 * allowed, for the message.
 */
export function checkChoice<T extends string>(
  name: string,
  value: unknown,
  choices: readonly T[],
  other?: string,
): T {
  const found = choices.find((choice) => choice === value)
  if (found !== undefined) return found
  const allowed = [...choices.map(quote), ...(other === undefined ? [] : [other])]
  throw new RangeError(`Cannot use ${name}: expected one of ${allowed.join(', ')}, got ${quote(value)}`)
}
