/** The name under which a store says that it is a part of another, the same in all copies of this package. */
export const STORE_PART: unique symbol = Symbol.for('diskcache.storePart')

/** A part of a store: one object for all stores whose keys are those of the whole with the same beginning. */
export interface StorePart {
  /** The store that the part belongs to. */
  readonly whole: object
}

const partsOf = new WeakMap<object, Map<string, WeakRef<StorePart>>>()

/** Forgets parts that nobody has any more: a program may have a namespace for each of many users. */
const forgotten = new FinalizationRegistry<{ parts: Map<string, WeakRef<StorePart>>; prefix: string }>(
  ({ parts, prefix }) => {
    if (parts.get(prefix)?.deref() === undefined) parts.delete(prefix)
  },
)

/** Returns the part of `whole` whose keys begin with `prefix`: the same object for as long as anybody has it. */
export function storePart(whole: object, prefix: string): StorePart {
  const parts = partsOf.get(whole) ?? new Map<string, WeakRef<StorePart>>()
  partsOf.set(whole, parts)
  const known = parts.get(prefix)?.deref()
  if (known !== undefined) return known
  const part = { whole }
  parts.set(prefix, new WeakRef(part))
  forgotten.register(part, { parts, prefix })
  return part
}

/** Returns what all objects for one store have in common, which stands for the store: the part, or the store itself. */
export function commonOf(store: object): object {
  return (store as { readonly [STORE_PART]?: StorePart })[STORE_PART] ?? store
}

/** Returns the store that a store is a part of; the store itself, unless it is a part. */
export function wholeOf<S extends { readonly [STORE_PART]?: StorePart }>(store: S): S {
  return (store[STORE_PART]?.whole as S | undefined) ?? store
}
