import { encodeCanonicalKey } from '../codec/canonical-key.ts'
import type { Key } from '../contract/entry.ts'

/**
 * Returns the key under which a recipe keeps its row. Keys of recipes begin with `'diskcache'`, and so meet no
 * others.
 */
export function rowKey(recipe: string, ...parts: readonly unknown[]): Key {
  return ['diskcache', recipe, ...parts]
}

/** Returns a text that is equal for equal keys only; throws `TypeError` for what cannot be a key. */
export function identityOf(key: Key): string {
  return encodeCanonicalKey(key).toString('latin1')
}
