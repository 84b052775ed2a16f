/** The bytes of V8's own parts of things, measured on 64 bits and rounded up. */
const STRING_BYTES = 32
const NUMBER_BYTES = 16
const BIGINT_BYTES = 24
const OBJECT_BYTES = 56
const SLOT_BYTES = 8

/**
 * The bytes that a buffer takes beside its content: 200 in two objects, and what the allocator and its registry keep,
 * which `process.memoryUsage` does not count.
 */
const BUFFER_BYTES = 320

/**
 * The bytes of a property whose name no other object has: the name, its place in a table, or a part of a shape that V8
 * makes for this object alone.
 */
const NEW_PROPERTY_BYTES = 192

/** The most properties of a shape that is remembered. */
const REMEMBERED_PROPERTIES = 128

/** The names of the last object of each number of properties: those of many objects, as a rule, are the same. */
const lastNames: (readonly string[])[] = []

/**
 * Returns about the bytes that a string, a number, bytes or the like, or a list of these, take in memory, rather too many
 * than too few.
 */
export function heldBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return STRING_BYTES + stringBytes(value)
    case 'number':
      // A small integer stands in its slot.
      return (value | 0) === value ? 0 : NUMBER_BYTES
    case 'bigint':
      return (
        BIGINT_BYTES + (BigInt.asIntN(64, value) === value ? 0 : Math.ceil(value.toString(16).length / 2))
      )
    case 'object':
      if (value === null) return 0
      if (value instanceof Uint8Array) return BUFFER_BYTES + value.byteLength
      return Array.isArray(value) ? listBytes(value) : 0
    default:
      return 0
  }
}

/** Returns about the bytes that an object takes without the values in it. */
export function shellBytes(object: object, names: readonly string[]): number {
  if (Array.isArray(object)) return OBJECT_BYTES + SLOT_BYTES * object.length
  return OBJECT_BYTES + names.length * (isKnownShape(names) ? SLOT_BYTES : NEW_PROPERTY_BYTES)
}

/** Returns whether the last object of as many properties had the same, so that both share one shape; remembers them. */
function isKnownShape(names: readonly string[]): boolean {
  const { length } = names
  if (length > REMEMBERED_PROPERTIES) return false
  const last = lastNames[length]
  if (last !== undefined && isSame(last, names)) return true
  lastNames[length] = names
  return false
}

/** Returns whether two lists of the same length have the same names. A loop, since every object comes by here. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function listBytes(list: readonly unknown[]): number {
  let bytes = 0
  for (const one of list) bytes += heldBytes(one)
  return bytes
}

/** One byte for each character where all are ASCII, two otherwise: one wide character makes all of them wide. */
function stringBytes(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length
}
