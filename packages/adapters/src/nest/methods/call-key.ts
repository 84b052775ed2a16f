import { argumentParts, encodeCanonicalKey, type Key } from '@diskcache/core'
import { type MethodCall, titleOf } from './wrap-method.ts'

/** How the keys of a cached method are made. */
export interface KeyOptions {
  /** The part of the key that stands instead of class and method. */
  readonly name: string | undefined
  /** Makes the part of the key that stands instead of the arguments. */
  readonly key: ((...args: readonly unknown[]) => Key) | undefined
}

/**
 * Returns `['nest', 'Class.method', ...arguments]`. The class is that of the object, which may inherit the method from
 * another.
 *
 * @throws TypeError for arguments that cannot be part of a key
 */
export function callKey({ self, name: method, args }: MethodCall, { name, key }: KeyOptions): Key {
  const title = titleOf(self, method)
  const prefix = ['nest', name ?? `${self.constructor.name}.${String(method)}`]
  return key === undefined
    ? [...prefix, ...usableParts(args, title)]
    : [...prefix, madePart(Reflect.apply(key, self, args), title)]
}

/**
 * Returns the arguments as parts of a key. For those that cannot be one, as instances of classes, the error tells the
 * way out.
 */
function usableParts(args: readonly unknown[], title: string): readonly unknown[] {
  const parts = argumentParts(args, {})
  try {
    encodeCanonicalKey(parts)
  } catch (cause) {
    throw new TypeError(
      `Cannot make a key of the arguments of ${title}: give @Cached the option key, a function that makes one ` +
        `(${(cause as Error).message})`,
      { cause },
    )
  }
  return parts
}

/** Returns what the function `key` returned. What would be one key for all must not pass for a key. */
function madePart(part: Key | undefined, title: string): Key {
  if (part !== undefined) return part
  throw new TypeError(`Cannot make a key for ${title}: the function key of its @Cached gave undefined`)
}
