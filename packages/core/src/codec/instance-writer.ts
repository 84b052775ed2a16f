import { types } from 'node:util'
import { quote } from '../checks/argument-check.ts'
import { DiskCacheError } from '../contract/errors.ts'
import { type ClassRegistry, losesItsClass, WrittenInstance } from './stored-classes.ts'
import { accessor, checkDepth, itemPath, keyPath, memberPath, writePath } from './unsupported-value.ts'

/** A value whose instances of stored classes were replaced. */
export interface WrittenValue {
  readonly value: unknown
  /** What replaces them, in no order. */
  readonly instances: readonly WrittenInstance[]
}

/**
 * Replaces the instances of stored classes in a value by what their `write` gives, in copies of the arrays, plain
 * objects, maps, sets and errors that lead to them.
 *
 * @throws DiskCacheError ERR_DISKCACHE_UNSUPPORTED_VALUE where the data of an instance lead back to it: to make it, they
 * would have to be there already
 */
export function writeInstances(value: unknown, classes: ClassRegistry): WrittenValue {
  const writer = new InstanceWriter(classes)
  return { value: writer.write(value, () => 'value', 0), instances: writer.instances }
}

/** Tells where a part stands, which only an error asks. */
type Path = () => string

class InstanceWriter {
  readonly instances: WrittenInstance[] = []
  readonly #classes: ClassRegistry
  readonly #copies = new Map<object, object>()
  /** The objects around the present one, with the number of instances around them. */
  readonly #around = new Map<object, number>()
  #level = 0

  constructor(classes: ClassRegistry) {
    this.#classes = classes
  }

  write(value: unknown, path: Path, depth: number): unknown {
    if (typeof value !== 'object' || value === null || types.isProxy(value)) return value
    checkDepth(depth)
    if ((this.#around.get(value) ?? this.#level) < this.#level) throw circular(path)
    const copy = this.#copies.get(value)
    if (copy !== undefined) return copy
    this.#around.set(value, this.#level)
    try {
      return this.#copy(value, path, depth + 1)
    } finally {
      this.#around.delete(value)
    }
  }

  #copy(value: object, path: Path, depth: number): unknown {
    const name = this.#classes.nameOf(value)
    if (name !== undefined) return this.#writeInstance(value, { name, path, depth })
    switch (Object.getPrototypeOf(value)) {
      case Array.prototype:
        return this.#copyProperties(value, new Array((value as unknown[]).length), path, depth)
      case Object.prototype:
      case null:
        return this.#copyProperties(value, {}, path, depth)
      case Map.prototype:
        return this.#copyMap(value as Map<unknown, unknown>, path, depth)
      case Set.prototype:
        return this.#copySet(value as Set<unknown>, path, depth)
      default:
        return types.isNativeError(value) && !losesItsClass(value)
          ? this.#copyError(value, path, depth)
          : value
    }
  }

  /** Copies of an error what its clone has, and the name, by which `structuredClone` chooses the class of that. */
  #copyError(value: Error, path: Path, depth: number): Error {
    const copy = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(value))
    this.#copies.set(value, copy)
    Reflect.deleteProperty(copy, 'stack')
    for (const name of ['name', 'message', 'stack', 'cause'] as const) {
      if (!Object.hasOwn(value, name)) continue
      const item = this.write(value[name], () => `${path()}.${name}`, depth)
      Object.defineProperty(copy, name, { value: item, writable: true, configurable: true })
    }
    return copy
  }

  #writeInstance(
    instance: object,
    { name, path, depth }: { readonly name: string; readonly path: Path; readonly depth: number },
  ): WrittenInstance {
    const written = new WrittenInstance(name)
    this.#copies.set(instance, written)
    this.instances.push(written)
    this.#level++
    try {
      written.data = this.write(this.#dataOf(instance, name, path), () => writePath(path(), name), depth)
    } finally {
      this.#level--
    }
    return written
  }

  #dataOf(instance: object, name: string, path: Path): unknown {
    try {
      return this.#classes.get(name)?.write(instance as never)
    } catch (cause) {
      const message = `Cannot store ${path()}: the write of its class ${quote(name)} failed`
      throw new DiskCacheError('ERR_DISKCACHE_UNSUPPORTED_VALUE', message, { cause })
    }
  }

  #copyProperties(value: object, copy: object, path: Path, depth: number): object {
    this.#copies.set(value, copy)
    for (const [name, item] of Object.entries(value)) {
      const property = {
        value: this.write(item, () => path() + accessor(value, name), depth),
        enumerable: true,
      }
      Object.defineProperty(copy, name, { ...property, writable: true, configurable: true })
    }
    return copy
  }

  #copyMap(value: Map<unknown, unknown>, path: Path, depth: number): object {
    const copy = new Map<unknown, unknown>()
    this.#copies.set(value, copy)
    for (const [key, item] of value) {
      const copiedKey = this.write(key, () => keyPath(path(), key), depth)
      copy.set(
        copiedKey,
        this.write(item, () => itemPath(path(), key), depth),
      )
    }
    return copy
  }

  #copySet(value: Set<unknown>, path: Path, depth: number): object {
    const copy = new Set<unknown>()
    this.#copies.set(value, copy)
    for (const item of value) copy.add(this.write(item, () => memberPath(path(), item), depth))
    return copy
  }
}

function circular(path: Path): DiskCacheError {
  const message = `Cannot store ${path()}: what write gave for an instance leads back to it, or to what is around it`
  return new DiskCacheError('ERR_DISKCACHE_UNSUPPORTED_VALUE', message)
}
