/** The bytes of V8's own parts of things, measured on 64 bits and rounded up. */
const STRING_BYTES = 32
const NUMBER_BYTES = 16
const OBJECT_BYTES = 64
const SLOT_BYTES = 8

/** The bytes that a buffer takes beside its content: two objects, and what the allocator and its registry keep. */
const BUFFER_BYTES = 320

/** A property beside its value: its slot, and its name, where a shape does not hold it for many objects. */
const PROPERTY_BYTES = 40

/** Returns about the bytes that a string, a number, bytes or the like take in memory, rather too many than too few. */
export function heldBytes(value: unknown): number {
  if (typeof value === 'string') return STRING_BYTES + stringBytes(value)
  if (value instanceof Uint8Array) return BUFFER_BYTES + value.byteLength
  return typeof value === 'number' || typeof value === 'bigint' ? NUMBER_BYTES : 0
}

/** Returns about the bytes that an object takes without the values in it. */
export function shellBytes(object: object, names: readonly string[]): number {
  if (Array.isArray(object)) return OBJECT_BYTES + SLOT_BYTES * object.length
  return OBJECT_BYTES + PROPERTY_BYTES * names.length
}

/** One byte for each character where all are ASCII, two otherwise: one wide character makes all of them wide. */
function stringBytes(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length
}
