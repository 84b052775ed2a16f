import { heldBytes, shellBytes } from './held-bytes.ts'

/**
 * Freezes a value with all that is in it, and returns about the bytes that it takes in memory; `undefined`, and freezes
 * nothing, when something in it is no plain object, array, string or the like, and could be changed still.
 */
export function freezeDeeply(value: unknown): number | undefined {
  const objects = new Set<object>()
  const bytes = collect(value, objects)
  if (bytes === undefined) return undefined
  for (const object of objects) Object.freeze(object)
  return bytes
}

/** Adds all objects of a value to `objects`, and returns the bytes of those that are new. */
function collect(value: unknown, objects: Set<object>): number | undefined {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'function' ? undefined : heldBytes(value)
  if (objects.has(value)) return 0
  if (!isPlain(value)) return undefined
  objects.add(value)
  const names = Object.keys(value)
  // What a codec of its own has hidden could be changed still.
  if (hidesProperties(value, names)) return undefined
  let bytes = shellBytes(value, names)
  for (const name of names) {
    const inner = collect((value as Record<string, unknown>)[name], objects)
    if (inner === undefined) return undefined
    bytes += inner
  }
  return bytes
}

/** Returns whether an object has properties beside these, or some of them only when it is asked for them. */
function hidesProperties(value: object, names: readonly string[]): boolean {
  const count = Reflect.ownKeys(value).length - (Array.isArray(value) ? 1 : 0)
  if (count !== names.length) return true
  return names.some((name) => Reflect.getOwnPropertyDescriptor(value, name)?.get !== undefined)
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null
}
