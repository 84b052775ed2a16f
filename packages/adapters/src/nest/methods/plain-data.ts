import { types } from 'node:util'
import { Disk } from '@diskcache/core'

const BUILT_IN = [
  types.isDate,
  types.isMap,
  types.isSet,
  types.isRegExp,
  types.isNativeError,
  types.isAnyArrayBuffer,
  types.isBoxedPrimitive,
  ArrayBuffer.isView,
]

/**
 * Returns the path to an object of a class inside the value, or `undefined` when there is none. Such an object would
 * come back from a store as a plain one, without its methods; and what hides properties by class, as
 * ClassSerializerInterceptor does, would hide none.
 */
export function findInstance(
  value: unknown,
  path = 'value',
  seen: Set<object> = new Set(),
): string | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  if (Array.isArray(value)) return findAmong(value.entries(), path, seen)
  if (types.isMap(value)) return findAmong([...value].flat().entries(), path, seen)
  if (types.isSet(value)) return findAmong([...value].entries(), path, seen)
  if (BUILT_IN.some((isBuiltIn) => isBuiltIn(value))) return
  if (!isPlainObject(value)) return `${path} is an instance of ${value.constructor?.name || 'a class'}`
  return findAmong(Object.entries(value), path, seen)
}

const plainDisk = new Disk({ classes: 'plain' })

/** Returns a copy of the value in which instances are plain objects; the value itself where it cannot be kept so. */
export function plainCopy(value: unknown): unknown {
  try {
    const { mode, data } = plainDisk.encodeValue(value)
    return plainDisk.decodeValue(mode, data)
  } catch {
    // The store will say why, and whoever called gets the value all the same.
    return value
  }
}

function findAmong(
  members: Iterable<readonly [string | number, unknown]>,
  path: string,
  seen: Set<object>,
): string | undefined {
  for (const [name, member] of members) {
    const found = findInstance(
      member,
      typeof name === 'number' ? `${path}[${name}]` : `${path}.${name}`,
      seen,
    )
    if (found !== undefined) return found
  }
  return undefined
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  // An object of another realm has a prototype of its own, whose prototype is null.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
