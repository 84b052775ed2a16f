import { types } from 'node:util'
import { quote } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'
import { MAX_BIGINT_BITS } from './msgpackr/message-extensions.ts'
import { classNameOf, losesItsClass, WrittenInstance } from './stored-classes.ts'

const MAX_DEPTH = 500

const BIGINT_BOUND = 1n << BigInt(MAX_BIGINT_BITS)

/** Throws `ERR_DISKCACHE_UNSUPPORTED_VALUE` for a value that is nested deeper than can be kept. */
export function checkDepth(depth: number): void {
  if (depth <= MAX_DEPTH) return
  throw new DiskCacheError(
    'ERR_DISKCACHE_UNSUPPORTED_VALUE',
    `Cannot store value: it is nested more than ${MAX_DEPTH} deep`,
  )
}

/** Throws `ERR_DISKCACHE_UNSUPPORTED_VALUE` for a bigint that takes too long to be read and written. */
export function checkBigint(value: bigint): void {
  if (value < BIGINT_BOUND && value > -BIGINT_BOUND) return
  throw new DiskCacheError(
    'ERR_DISKCACHE_UNSUPPORTED_VALUE',
    `Cannot store value: it has a bigint of more than ${MAX_BIGINT_BITS} bits; store its bytes`,
  )
}

/** Makes the error for a value that `structuredClone` refused with `cause`. */
export function unsupportedValue(value: unknown, cause: unknown): DiskCacheError {
  const culprit = findCulprit({ path: 'value', value }, new Set())
  return refusal(culprit.path, culprit.value, cause)
}

/** Makes the error for the part of a value at `path` that cannot be kept. */
export function refusal(path: string, value: unknown, cause?: unknown): DiskCacheError {
  const message = `Cannot store ${path}: ${quote(value)} cannot be kept`
  return new DiskCacheError('ERR_DISKCACHE_UNSUPPORTED_VALUE', message, cause === undefined ? {} : { cause })
}

interface Located {
  path: string
  value: unknown
}

/** Returns the innermost part that `structuredClone` refuses. It runs only when a value was refused. */
function findCulprit(whole: Located, ancestors: Set<unknown>): Located {
  ancestors.add(whole.value)
  for (const part of partsOf(whole)) {
    if (ancestors.has(part.value) || isClonable(part.value)) continue
    return findCulprit(part, ancestors)
  }
  return whole
}

/**
 * Throws `ERR_DISKCACHE_UNSUPPORTED_VALUE` for a part that would lose its class; with `isPlain`, only for one that would
 * lose all that it is: that is all hidden state, such as a `BlockList`.
 */
export function refuseInstances(value: unknown, isPlain: boolean): void {
  const seen = new Set<unknown>()
  const pending: Located[] = [{ path: 'value', value }]
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (seen.has(part.value)) continue
    seen.add(part.value)
    if (isPlain ? isHidden(part.value) : isInstance(part.value)) throw instanceRefusal(part)
    pending.push(...partsOf(part))
  }
}

function isInstance(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && losesItsClass(value) && !(value instanceof WrittenInstance)
  )
}

function instanceRefusal({ path, value }: Located): DiskCacheError {
  const name = classNameOf(value as object)
  const what = name === '' ? 'an object with a prototype of its own' : `an instance of ${name}`
  const message =
    `Cannot store ${path}: ${what} cannot be kept as such; store a plain object, name the class in the option ` +
    `classes, or, to lose it, say classes: 'plain' (${quote(value)})`
  return new DiskCacheError('ERR_DISKCACHE_UNSUPPORTED_VALUE', message)
}

function isHidden(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  const prototype = Object.getPrototypeOf(value)
  // The prototype of plain objects, of any realm, has none itself.
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return false
  // Node gives its histograms a property of this name, and nothing else.
  return !isBuiltIn(value) && Object.keys(value).every((name) => name === 'constructor')
}

/** Returns whether `structuredClone` copies what is inside the object, beside its properties. */
function isBuiltIn(value: object): boolean {
  const isCollection = Array.isArray(value) || types.isMap(value) || types.isSet(value)
  const isBytes = ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)
  const isScalar = types.isDate(value) || types.isRegExp(value) || types.isBoxedPrimitive(value)
  return isCollection || isBytes || isScalar || types.isNativeError(value)
}

function* partsOf({ path, value }: Located): Generator<Located> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return
  if (value instanceof WrittenInstance) return yield { path: writePath(path, value.name), value: value.data }
  if (value instanceof Map) {
    for (const [key, item] of value) {
      yield { path: keyPath(path, key), value: key }
      yield { path: itemPath(path, key), value: item }
    }
  }
  if (value instanceof Set) for (const item of value) yield { path: memberPath(path, item), value: item }
  if (types.isNativeError(value)) {
    // A clone has none of its other properties.
    if (Object.hasOwn(value, 'cause')) yield { path: `${path}.cause`, value: value.cause }
    return
  }
  for (const [name, item] of Object.entries(value)) yield { path: path + accessor(value, name), value: item }
}

/** Returns the path to a key of a map. */
export function keyPath(path: string, key: unknown): string {
  return `${path} key ${quote(key)}`
}

/** Returns the path to what a map has under a key. */
export function itemPath(path: string, key: unknown): string {
  return `${path}.get(${quote(key)})`
}

/** Returns the path to a member of a set. */
export function memberPath(path: string, member: unknown): string {
  return `${path} member ${quote(member)}`
}

/** Returns the path to what the `write` of a stored class gave for an instance. */
export function writePath(path: string, name: string): string {
  return `${path} as ${quote(name)}`
}

/** Returns what follows the path of an object in that of its property. */
export function accessor(owner: object, name: string): string {
  if (Array.isArray(owner)) return `[${name}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${quote(name)}]`
}

function isClonable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
