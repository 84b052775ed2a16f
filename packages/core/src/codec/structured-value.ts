import { types } from 'node:util'
import { Packr } from 'msgpackr/pack'
import { DiskCacheError } from '../contract/errors.ts'
import { writeInstances } from './instance-writer.ts'
import { guardExtensions } from './msgpackr/message-extensions.ts'
import { withStringsOf } from './msgpackr/string-extractor.ts'
import { decodeNodes, encodeNodes } from './node-table.ts'
import { ClassRegistry } from './stored-classes.ts'
import { checkBigint, checkDepth, refusal, refuseInstances, unsupportedValue } from './unsupported-value.ts'

/**
 * Encodes values as bytes by one rule: what `structuredClone` gives back comes back, and what it refuses is refused, or
 * would rob of its class; instances of known classes come back by what these write.
 *
 * Most values are plain, and msgpackr keeps them as they are. One walk beforehand recognises what it would alter
 * (`-0`, lone surrogates, holes, class instances, errors, collections of other realms ...); such a value is first
 * cloned by `structuredClone` itself, and the clone is written as a table of nodes (`node-table.ts`).
 */

/** The byte that marks a table of nodes: MessagePack never uses it. */
const NODE_TABLE = 0xc1

/** The encoder, never with shared structures: two processes would read each other's property names. */
const packr = new Packr({ structuredClone: true })

guardExtensions()

const NO_CLASSES = new ClassRegistry()

/**
 * Returns the bytes of any value that `structuredClone` keeps, and of instances of the classes; throws
 * `ERR_DISKCACHE_UNSUPPORTED_VALUE` for others.
 */
export function encodeStructured(value: unknown, classes = NO_CLASSES): Buffer {
  try {
    if (isPlain(value, new Set(), 0)) return ownBytes(packr.pack(value))
    const [copy, names] = cloneWith(value, classes)
    return Buffer.concat([Buffer.of(NODE_TABLE), packr.pack(encodeNodes(copy, names))])
  } catch (error) {
    if (error instanceof DiskCacheError) throw error
    // A getter that throws, or more bytes than fit in one piece.
    throw refusal('value', value, error)
  }
}

/**
 * Returns the value that {@link encodeStructured} encoded; throws `ERR_DISKCACHE_CORRUPT` for anything else, and
 * `ERR_DISKCACHE_FORMAT` for an instance that these classes do not make.
 */
export function decodeStructured(bytes: Buffer, classes = NO_CLASSES): unknown {
  try {
    return bytes[0] === NODE_TABLE ? decodeNodes(unpackWhole(bytes.subarray(1)), classes) : unpackWhole(bytes)
  } catch (cause) {
    if (cause instanceof DiskCacheError) throw cause
    throw new DiskCacheError('ERR_DISKCACHE_CORRUPT', 'Cannot decode a value: its bytes are damaged', {
      cause,
    })
  }
}

/**
 * Unpacks one value that takes all the bytes. It does without `unpack`, whose error for bytes left over quotes the
 * value as JSON, which for a value of 2^40 shared parts never ends.
 */
function unpackWhole(bytes: Buffer): unknown {
  let value: unknown
  let end: number | undefined
  withStringsOf(bytes, () =>
    packr.unpackMultiple(bytes, (first: unknown, _start?: number, position?: number) => {
      value = first
      end = position
      return false
    }),
  )
  if (end !== bytes.length) throw new RangeError('Bytes are left over')
  return value
}

/** Copies the bytes: msgpackr packs into a slab that it uses again, so that only a copy outlives this turn. */
function ownBytes(bytes: Buffer): Buffer {
  return Buffer.from(bytes)
}

/** Returns a clone of the value, and what in it stands for instances of the classes, with the names of these. */
function cloneWith(value: unknown, classes: ClassRegistry): [unknown, Map<object, string>] {
  const written = classes.size === 0 ? { value, instances: [] } : writeInstances(value, classes)
  refuseInstances(written.value, classes.isPlain)
  try {
    // Cloned together, they stay the same objects.
    const [copy, instances] = structuredClone([written.value, written.instances])
    return [copy, new Map(instances.map((instance) => [instance, instance.name]))]
  } catch (cause) {
    throw unsupportedValue(written.value, cause)
  }
}

/** Returns whether msgpackr keeps `value` exactly as `structuredClone` would. */
function isPlain(value: unknown, seen: Set<object>, depth: number): boolean {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed()
    case 'number':
      return !Object.is(value, -0)
    case 'object':
      return value === null || isPlainObject(value, seen, depth)
    case 'bigint':
      checkBigint(value)
      return true
    case 'boolean':
    case 'undefined':
      return true
    default:
      return false
  }
}

/**
 * Returns whether msgpackr keeps an object exactly. Only objects whose prototype is one of this realm's own are
 * plain; `structuredClone` judges all others.
 */
function isPlainObject(value: object, seen: Set<object>, depth: number): boolean {
  if (seen.has(value)) return true
  seen.add(value)
  checkDepth(depth)
  if (types.isProxy(value)) return false
  switch (Object.getPrototypeOf(value)) {
    case Object.prototype:
    case null:
      return !isExotic(value) && hasPlainProperties(value as Record<string, unknown>, seen, depth)
    case Array.prototype:
      return hasPlainItems(value, seen, depth)
    case Map.prototype:
      return (
        types.isMap(value) && everyPlain(value.keys(), seen, depth) && everyPlain(value.values(), seen, depth)
      )
    case Set.prototype:
      return types.isSet(value) && everyPlain(value, seen, depth)
    case Date.prototype:
      return types.isDate(value)
    case RegExp.prototype:
      return types.isRegExp(value) && value.source.isWellFormed()
    default:
      return isPlainBytes(value)
  }
}

/** Returns whether an object only looks like a plain one, as arguments objects and namespaces do. */
function isExotic(value: object): boolean {
  return Object.prototype.toString.call(value) !== '[object Object]'
}

/** The names of own properties that msgpackr takes for something else. */
const SPECIAL_NAMES = new Set(['__proto__', 'constructor', 'toJSON'])

function hasPlainProperties(value: Record<string, unknown>, seen: Set<object>, depth: number): boolean {
  for (const name of Object.keys(value)) {
    if (SPECIAL_NAMES.has(name) || !name.isWellFormed()) return false
    if (!isPlain(value[name], seen, depth + 1)) return false
  }
  return true
}

/**
 * Returns whether an array has plain items and nothing else. `Object.values` counts properties beside the items
 * without making a string of every index.
 */
function hasPlainItems(value: object, seen: Set<object>, depth: number): boolean {
  if (!Array.isArray(value) || Object.values(value).length !== value.length) return false
  for (let i = 0; i < value.length; i++) {
    const item = value[i]
    if (item === undefined && !(i in value)) return false
    if (!isPlain(item, seen, depth + 1)) return false
  }
  return true
}

function everyPlain(values: Iterable<unknown>, seen: Set<object>, depth: number): boolean {
  for (const value of values) if (!isPlain(value, seen, depth + 1)) return false
  return true
}

/** The prototypes of views that msgpackr both packs and unpacks. Of the typed arrays it lacks Float16Array. */
const PLAIN_VIEWS = new Set<object>([
  Buffer.prototype,
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array].map(
    prototypeOf,
  ),
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView].map(prototypeOf),
])

function prototypeOf(type: { prototype: object }): object {
  return type.prototype
}

function isPlainBytes(value: object): boolean {
  if (types.isArrayBuffer(value))
    return Object.getPrototypeOf(value) === ArrayBuffer.prototype && !value.resizable && !value.detached
  return (
    ArrayBuffer.isView(value) &&
    PLAIN_VIEWS.has(Object.getPrototypeOf(value)) &&
    types.isArrayBuffer(value.buffer) &&
    !value.buffer.detached
  )
}
