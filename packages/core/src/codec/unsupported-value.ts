import { quote } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'

const MAX_DEPTH = 500

/** Throws `ERR_DISKCACHE_UNSUPPORTED_VALUE` for a value that is nested deeper than can be kept. */
export function checkDepth(depth: number): void {
  if (depth <= MAX_DEPTH) return
  throw new DiskCacheError(
    'ERR_DISKCACHE_UNSUPPORTED_VALUE',
    `Cannot store value: it is nested more than ${MAX_DEPTH} deep`,
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

function* partsOf({ path, value }: Located): Generator<Located> {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Map) {
    for (const [key, item] of value) {
      yield { path: `${path} key ${quote(key)}`, value: key }
      yield { path: `${path}.get(${quote(key)})`, value: item }
    }
  }
  if (value instanceof Set)
    for (const item of value) yield { path: `${path} member ${quote(item)}`, value: item }
  for (const [name, item] of Object.entries(value)) yield { path: path + accessor(value, name), value: item }
}

function accessor(owner: object, name: string): string {
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
