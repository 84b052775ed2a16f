import { types } from 'node:util'
import { quote } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'
import type { ClassRegistry, WrittenInstance } from './stored-classes.ts'
import { checkBigint, checkDepth, refusal } from './unsupported-value.ts'

/**
 * Encodes a value as a flat table of nodes that refer to each other by index, so that cycles, shared references and
 * any depth need no special care. The first node is the value itself. A primitive that MessagePack keeps stands for
 * itself; everything else is an array that begins with its kind (format page, "Table of nodes").
 *
 * The table is only used for values that MessagePack alone would alter, and only on the result of `structuredClone`.
 */

/** The kinds of nodes. The numbers are on disk: more may be added, none changed. */
const Kind = {
  negativeZero: 0,
  /** A string with lone surrogates, as UTF-16LE bytes. */
  text: 1,
  /** [items ...] */
  array: 2,
  /** [length, name, item, ...]: an array with holes, or with properties beside the items. */
  sparseArray: 3,
  /** [name, value, ...] */
  object: 4,
  /** [key, value, ...] */
  map: 5,
  /** [members ...] */
  set: 6,
  /** [epoch milliseconds] */
  date: 7,
  /** [source, flags] */
  regexp: 8,
  /** [constructor's name, name, value, ... of message, stack, cause] */
  error: 9,
  /** [primitive]: an object around a string, number, boolean or bigint. */
  boxed: 10,
  /** [constructor's name, bytes] */
  bytes: 11,
  /** [message, name, name, value, ... of stack, cause] */
  domException: 12,
  /** [name of the stored class, what its `write` gave] */
  instance: 13,
} as const

type Node = unknown

const ERRORS = new Map<string, ErrorConstructor>(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [
    type.name,
    type,
  ]),
)

const ERROR_PROPERTIES = ['message', 'stack', 'cause']

/** The class's own message and name are no properties of the object. */
const DOM_EXCEPTION_PROPERTIES = ['stack', 'cause']

/**
 * Returns the table of a value; throws `ERR_DISKCACHE_UNSUPPORTED_VALUE` for what can be cloned in memory but not be
 * kept, such as a `Blob`. `instances` has what stands in the value for instances of stored classes, with their names.
 */
export function encodeNodes(value: unknown, instances: ReadonlyMap<object, string> = new Map()): Node[] {
  const encoder = new NodeEncoder(instances)
  encoder.refer(value, 'value', 0)
  return encoder.nodes
}

/**
 * Returns the value of a table; throws `TypeError` or `RangeError` for a table that {@link encodeNodes} cannot have
 * made, and `ERR_DISKCACHE_FORMAT` for an instance that these classes do not make.
 */
export function decodeNodes(nodes: unknown, classes: ClassRegistry): unknown {
  if (!Array.isArray(nodes) || nodes.length === 0) throw new TypeError('Not a table of nodes')
  return new NodeDecoder(nodes, classes).decode()
}

class NodeEncoder {
  readonly nodes: Node[] = []
  readonly #indexes = new Map<object, number>()
  readonly #instances: ReadonlyMap<object, string>

  constructor(instances: ReadonlyMap<object, string>) {
    this.#instances = instances
  }

  /** Returns the index of the node for `value`, and adds the node when the table has none. */
  refer(value: unknown, path: string, depth: number): number {
    if (typeof value !== 'object' || value === null) return this.#add(primitiveNode(value))
    const known = this.#indexes.get(value)
    if (known !== undefined) return known
    checkDepth(depth)
    const index = this.#add(undefined)
    this.#indexes.set(value, index)
    this.nodes[index] = this.#objectNode(value, path, depth + 1)
    return index
  }

  #add(node: Node): number {
    return this.nodes.push(node) - 1
  }

  #objectNode(value: object, path: string, depth: number): Node[] {
    const name = this.#instances.get(value)
    if (name !== undefined)
      return [Kind.instance, primitiveNode(name), this.refer((value as WrittenInstance).data, path, depth)]
    if (Array.isArray(value)) return this.#arrayNode(value, path, depth)
    if (types.isMap(value)) return [Kind.map, ...this.#referAll(flatten(value), path, depth)]
    if (types.isSet(value)) return [Kind.set, ...this.#referAll(value, path, depth)]
    if (types.isDate(value)) return [Kind.date, value.getTime()]
    if (types.isRegExp(value)) return [Kind.regexp, primitiveNode(value.source), value.flags]
    if (value instanceof DOMException) return this.#domExceptionNode(value, path, depth)
    if (types.isNativeError(value)) return this.#errorNode(value, path, depth)
    if (types.isBoxedPrimitive(value)) return [Kind.boxed, primitiveNode(value.valueOf())]
    if (ArrayBuffer.isView(value)) return [Kind.bytes, viewName(value), viewBytes(value)]
    if (types.isArrayBuffer(value)) return [Kind.bytes, 'ArrayBuffer', Buffer.from(value)]
    if (Object.prototype.toString.call(value) !== '[object Object]') throw refusal(path, value)
    return [Kind.object, ...this.#properties(value, path, depth)]
  }

  #arrayNode(value: unknown[], path: string, depth: number): Node[] {
    const isDense = Object.keys(value).length === value.length && !value.includes(undefined)
    if (isDense) return [Kind.array, ...this.#referAll(value, path, depth)]
    return [Kind.sparseArray, value.length, ...this.#properties(value, path, depth)]
  }

  #errorNode(value: Error, path: string, depth: number): Node[] {
    const constructorName = ERRORS.get(Object.getPrototypeOf(value)?.name)?.name
    return [Kind.error, constructorName ?? 'Error', ...this.#own(value, ERROR_PROPERTIES, path, depth)]
  }

  #domExceptionNode(value: DOMException, path: string, depth: number): Node[] {
    const [message, name] = [value.message, value.name].map(primitiveNode)
    return [Kind.domException, message, name, ...this.#own(value, DOM_EXCEPTION_PROPERTIES, path, depth)]
  }

  /** Returns the indexes of name and value in turn, of those of the properties that the error has. */
  #own(error: Error, names: readonly string[], path: string, depth: number): number[] {
    return names
      .filter((name) => Object.hasOwn(error, name))
      .flatMap((name) => [
        this.refer(name, path, depth),
        this.refer(error[name as keyof Error], `${path}.${name}`, depth),
      ])
  }

  #properties(value: object, path: string, depth: number): number[] {
    return Object.entries(value).flatMap(([name, item]) => [
      this.refer(name, path, depth),
      this.refer(item, `${path}.${name}`, depth),
    ])
  }

  #referAll(values: Iterable<unknown>, path: string, depth: number): number[] {
    return Array.from(values, (value, i) => this.refer(value, `${path}[${i}]`, depth))
  }
}

function* flatten(map: Map<unknown, unknown>): Generator<unknown> {
  for (const entry of map) yield* entry
}

function primitiveNode(value: unknown): Node {
  if (typeof value === 'bigint') checkBigint(value)
  if (Object.is(value, -0)) return [Kind.negativeZero]
  if (typeof value === 'string' && !value.isWellFormed()) return [Kind.text, Buffer.from(value, 'utf16le')]
  return value
}

function viewName(view: ArrayBufferView): string {
  return Object.prototype.toString.call(view).slice('[object '.length, -1)
}

function viewBytes(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
}

/**
 * Decodes a table: every node becomes an empty object, and the objects are filled with each other. An instance of a
 * stored class is made when it is first referred to, once all that its data lead to is filled: they do not lead back.
 */
class NodeDecoder {
  readonly #nodes: readonly Node[]
  readonly #values: unknown[]
  readonly #isBegun: boolean[] = []
  readonly #classes: ClassRegistry

  constructor(nodes: readonly Node[], classes: ClassRegistry) {
    this.#nodes = nodes
    this.#values = nodes.map(shell)
    this.#classes = classes
  }

  decode(): unknown {
    return this.#at(0)
  }

  #complete(index: number): void {
    const node = this.#nodes[index]
    if (!Array.isArray(node) || this.#isBegun[index]) return
    this.#isBegun[index] = true
    if (node[0] === Kind.instance) this.#values[index] = this.#instance(node)
    else this.#fill(this.#values[index], node)
  }

  #instance([, nameNode, index]: readonly unknown[]): object {
    const name = String(primitive(nameNode))
    const data = this.#at(index)
    const stored = this.#classes.get(name)
    if (stored === undefined) throw classError(name, 'the option classes does not name it')
    const instance = made(name, () => stored.read(data as never))
    if (typeof instance === 'object' && instance !== null && !types.isPromise(instance)) return instance
    // Nobody will await the promise, so its failure must not count as unhandled.
    if (types.isPromise(instance)) instance.catch(() => {})
    throw classError(name, `its read gave ${quote(instance)}, which is no instance`)
  }

  #fill(target: unknown, [kind, ...rest]: readonly unknown[]): void {
    switch (kind) {
      case Kind.array:
        for (const index of rest) (target as unknown[]).push(this.#at(index))
        return
      case Kind.sparseArray:
        this.#define(target as object, rest.slice(1))
        ;(target as unknown[]).length = rest[0] as number
        return
      case Kind.object:
        return this.#define(target as object, rest)
      case Kind.error:
        return this.#define(target as object, rest.slice(1), false)
      case Kind.domException:
        return this.#define(target as object, rest.slice(2), false)
      case Kind.map:
        for (const [key, value] of this.#pairs(rest)) (target as Map<unknown, unknown>).set(key, value)
        return
      case Kind.set:
        for (const index of rest) (target as Set<unknown>).add(this.#at(index))
    }
  }

  #define(target: object, indexes: readonly unknown[], enumerable = true): void {
    for (const [name, value] of this.#pairs(indexes)) {
      Object.defineProperty(target, String(name), { value, enumerable, writable: true, configurable: true })
    }
  }

  *#pairs(indexes: readonly unknown[]): Generator<[unknown, unknown]> {
    for (let i = 0; i < indexes.length; i += 2) yield [this.#at(indexes[i]), this.#at(indexes[i + 1])]
  }

  #at(index: unknown): unknown {
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= this.#values.length) {
      throw new RangeError('A node refers outside its table')
    }
    this.#complete(index as number)
    return this.#values[index as number]
  }
}

function made(name: string, read: () => unknown): unknown {
  try {
    return read()
  } catch (cause) {
    throw classError(name, 'its read failed', cause)
  }
}

function classError(name: string, state: string, cause?: unknown): DiskCacheError {
  const message = `Cannot decode a value: it has an instance of the class ${quote(name)}, and ${state}`
  return new DiskCacheError('ERR_DISKCACHE_FORMAT', message, cause === undefined ? {} : { cause })
}

function shell(node: Node): unknown {
  if (!Array.isArray(node)) return node
  const [kind, first, second] = node
  switch (kind) {
    case Kind.negativeZero:
    case Kind.text:
      return primitive(node)
    case Kind.array:
    case Kind.sparseArray:
      return []
    case Kind.object:
      return {}
    case Kind.map:
      return new Map()
    case Kind.set:
      return new Set()
    case Kind.date:
      return new Date(first)
    case Kind.regexp:
      return new RegExp(String(primitive(first)), second)
    case Kind.error:
      return errorShell(first)
    case Kind.domException:
      return domExceptionShell(first, second)
    case Kind.boxed:
      return Object(primitive(first))
    case Kind.bytes:
      return bytesFrom(first, second)
    case Kind.instance:
      return undefined
    default:
      throw new TypeError(`Unknown kind of node ${kind}`)
  }
}

function primitive(node: Node): unknown {
  if (!Array.isArray(node)) return node
  return node[0] === Kind.text ? Buffer.from(checkBytes(node[1])).toString('utf16le') : -0
}

/** Makes an error without a property of its own: its stack must be the stored one, or none. */
function errorShell(name: unknown): Error {
  const ErrorType = ERRORS.get(String(name))
  if (ErrorType === undefined) throw new TypeError(`Unknown error ${name}`)
  const error = new ErrorType()
  for (const property of Object.getOwnPropertyNames(error)) Reflect.deleteProperty(error, property)
  return error
}

function domExceptionShell(message: unknown, name: unknown): DOMException {
  const exception = new DOMException(String(primitive(message)), String(primitive(name)))
  Reflect.deleteProperty(exception, 'stack')
  return exception
}

type ViewConstructor = new (buffer: ArrayBuffer) => ArrayBufferView

/** The constructors that a stored name may stand for. Float16Array is missing before Node 24. */
const VIEWS = new Map<string, ViewConstructor>(
  [
    ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
    ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView],
    Reflect.get(globalThis, 'Float16Array') as ViewConstructor | undefined,
  ].flatMap((view) => (view === undefined ? [] : [[view.name, view]])),
)

/** Returns `bytes` when they are bytes, and throws `TypeError` for anything else, even with a length. */
function checkBytes(bytes: unknown): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes
  throw new TypeError('Not bytes')
}

function bytesFrom(name: unknown, bytes: unknown): unknown {
  const own = Uint8Array.from(checkBytes(bytes)).buffer
  if (name === 'ArrayBuffer') return own
  const View = VIEWS.get(String(name))
  if (View === undefined) throw new TypeError(`Unknown view ${name}`)
  return new View(own)
}
