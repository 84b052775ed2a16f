import { types } from 'node:util'
import { DiskCacheError } from '../contract/errors.ts'
import type { ClassRegistry } from './stored-classes.ts'
import { checkDepth } from './unsupported-value.ts'

/** What stands for an instance of a stored class in a value that is to be cloned. */
export interface WrittenInstance {
  data: unknown
}

/** A value whose instances of stored classes were replaced. */
export interface WrittenValue {
  readonly value: unknown
  /** What replaces them, in no order. */
  readonly instances: readonly WrittenInstance[]
  /** The names of their classes, in the same order. */
  readonly names: readonly string[]
}

/**
 * Replaces the instances of stored classes in a value by what their `write` gives, in copies of the arrays, plain
 * objects, maps and sets that lead to them.
 *
 * @throws DiskCacheError ERR_DISKCACHE_UNSUPPORTED_VALUE where the data of an instance lead back to it: to make it, they
 * would have to be there already
 */
export function writeInstances(value: unknown, classes: ClassRegistry): WrittenValue {
  const writer = new InstanceWriter(classes)
  return { value: writer.write(value, 'value', 0), instances: writer.instances, names: writer.names }
}

class InstanceWriter {
  readonly instances: WrittenInstance[] = []
  readonly names: string[] = []
  readonly #classes: ClassRegistry
  readonly #copies = new Map<object, object>()
  /** The objects around the present one, with the number of instances around them. */
  readonly #around = new Map<object, number>()
  #level = 0

  constructor(classes: ClassRegistry) {
    this.#classes = classes
  }

  write(value: unknown, path: string, depth: number): unknown {
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

  #copy(value: object, path: string, depth: number): unknown {
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
        return value
    }
  }

  #writeInstance(
    instance: object,
    { name, path, depth }: { readonly name: string; readonly path: string; readonly depth: number },
  ): WrittenInstance {
    const written: WrittenInstance = { data: undefined }
    this.#copies.set(instance, written)
    this.instances.push(written)
    this.names.push(name)
    this.#level++
    try {
      const data = this.#classes.get(name)?.write(instance as never)
      written.data = this.write(data, path, depth)
    } finally {
      this.#level--
    }
    return written
  }

  #copyProperties(value: object, copy: object, path: string, depth: number): object {
    this.#copies.set(value, copy)
    for (const [name, item] of Object.entries(value)) {
      const property = { value: this.write(item, `${path}.${name}`, depth), enumerable: true }
      Object.defineProperty(copy, name, { ...property, writable: true, configurable: true })
    }
    return copy
  }

  #copyMap(value: Map<unknown, unknown>, path: string, depth: number): object {
    const copy = new Map<unknown, unknown>()
    this.#copies.set(value, copy)
    for (const [key, item] of value) copy.set(this.write(key, path, depth), this.write(item, path, depth))
    return copy
  }

  #copySet(value: Set<unknown>, path: string, depth: number): object {
    const copy = new Set<unknown>()
    this.#copies.set(value, copy)
    for (const item of value) copy.add(this.write(item, path, depth))
    return copy
  }
}

function circular(path: string): DiskCacheError {
  const message = `Cannot store ${path}: what write gave for an instance leads back to it, or to what is around it`
  return new DiskCacheError('ERR_DISKCACHE_UNSUPPORTED_VALUE', message)
}
