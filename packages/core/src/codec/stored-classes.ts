import { types } from 'node:util'
import { checkFunction, quote } from '../checks/argument-check.ts'

/**
 * How the instances of one class are kept: what stands for an instance in the store, and how it is made again. Annotate
 * the parameters with the types of your class.
 */
export interface StoredClass {
  /** The class. Instances of its subclasses are others. */
  readonly type: { readonly prototype: object }
  /** Returns what is stored for an instance: a value that can be kept, which does not lead back to the instance. */
  write(instance: never): unknown
  /** Returns an instance that is equal to the one for which `write` gave this value: no promise of one. */
  read(data: never): object & { readonly then?: never }
}

/** Classes by the names under which their instances are stored, which stay when the class is renamed or minified. */
export type StoredClasses = Readonly<Record<string, StoredClass>>

/**
 * What becomes of instances of classes in values: those of the given classes come back as such, and others are refused.
 * With `'plain'`, all come back as plain objects, as from `structuredClone`.
 */
export type ClassesOption = StoredClasses | 'plain'

/**
 * Returns the option when it is legal; throws `TypeError` that names what is wrong with it otherwise.
 */
export function checkClasses(option: unknown): ClassesOption {
  if (option === 'plain') return option
  if (!isDictionary(option))
    throw new TypeError(
      `Cannot use classes: expected 'plain' or an object of names and classes, got ${quote(option)}`,
    )
  const names = new Map<unknown, string>()
  for (const [name, stored] of Object.entries(option as StoredClasses)) {
    checkClass(name, stored)
    const other = names.get(stored.type.prototype)
    if (other !== undefined)
      throw new TypeError(`Cannot use classes.${name}: its type is that of classes.${other}`)
    names.set(stored.type.prototype, name)
  }
  return option as StoredClasses
}

/** Returns whether an object is one by literal, of any realm: with a list or a map of classes, none would be found. */
function isDictionary(option: unknown): option is object {
  if (typeof option !== 'object' || option === null || Array.isArray(option)) return false
  const prototype = Object.getPrototypeOf(option)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function checkClass(name: string, stored: Partial<StoredClass> | undefined): void {
  if (name === '') throw new TypeError("Cannot use classes: '' is no name")
  checkFunction(`classes.${name}.type`, stored?.type)
  checkFunction(`classes.${name}.write`, stored?.write)
  checkFunction(`classes.${name}.read`, stored?.read)
  const prototype: unknown = stored?.type?.prototype
  if (typeof prototype === 'object' && prototype !== null && !isBuiltIn(prototype)) {
    if (!(prototype instanceof Uint8Array)) return
    throw new TypeError(`Cannot use classes.${name}: a Uint8Array of any class is kept as its bytes`)
  }
  throw new TypeError(`Cannot use classes.${name}: expected a class of your own, got ${quote(stored?.type)}`)
}

/** The classes of one codec, to be found by instance and by name. */
export class ClassRegistry {
  /** Whether instances of other classes are kept as plain objects. */
  readonly isPlain: boolean
  readonly #byPrototype = new Map<object, string>()
  readonly #byName = new Map<string, StoredClass>()

  /** Takes an option that was checked. */
  constructor(option: ClassesOption = {}) {
    this.isPlain = option === 'plain'
    if (option === 'plain') return
    for (const [name, stored] of Object.entries(option)) {
      this.#byName.set(name, stored)
      this.#byPrototype.set(stored.type.prototype, name)
    }
  }

  /** The number of classes. */
  get size(): number {
    return this.#byName.size
  }

  /** Returns the name of the class of an object, `undefined` when it is none of these. */
  nameOf(value: object): string | undefined {
    return types.isProxy(value) ? undefined : this.#byPrototype.get(Object.getPrototypeOf(value))
  }

  /** Returns the class that has a name. */
  get(name: unknown): StoredClass | undefined {
    return this.#byName.get(String(name))
  }
}

/** What stands for an instance of a stored class in a value that is to be cloned. */
export class WrittenInstance {
  /** The name of the class. */
  readonly name: string
  /** What its `write` gave, with instances replaced in turn. */
  data: unknown

  constructor(name: string) {
    this.name = name
  }
}

/** The prototypes of what `structuredClone` gives back as an object of the same class. */
const BUILT_IN = new Map<string, object>(
  [
    ...[Object, Array, Map, Set, Date, RegExp, Number, String, Boolean, BigInt, DOMException],
    ...[Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError],
    ...[ArrayBuffer, SharedArrayBuffer, DataView, Buffer, Int8Array, Uint8Array, Uint8ClampedArray],
    ...[Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array],
    ...[BigInt64Array, BigUint64Array, Reflect.get(globalThis, 'Float16Array')],
  ].flatMap((type) => (type === undefined ? [] : [[type.name, type.prototype]])),
)

/**
 * Returns whether a copy of an object would be of another class, since the copy has a prototype of the language, and
 * this one its own. Objects without a prototype, and those of other realms, are what they look like.
 */
export function losesItsClass(value: object): boolean {
  if (types.isProxy(value)) return false
  const prototype: object | null = Object.getPrototypeOf(value)
  return prototype !== null && !isBuiltIn(prototype)
}

function isBuiltIn(prototype: object): boolean {
  const type: unknown = Object.hasOwn(prototype, 'constructor') ? prototype.constructor : undefined
  if (typeof type !== 'function' || type.prototype !== prototype) return false
  const own = BUILT_IN.get(type.name)
  return own === prototype || (own !== undefined && isNative(type))
}

/** Returns whether a function is one of the language, in whichever realm. */
function isNative(type: unknown): boolean {
  return Function.prototype.toString.call(type).endsWith('{ [native code] }')
}

/** Returns the name of the class of an object, as far as it has one. */
export function classNameOf(value: object): string {
  const type: unknown = Object.getPrototypeOf(value)?.constructor
  return typeof type === 'function' && type.name !== 'Object' ? String(type.name) : ''
}
