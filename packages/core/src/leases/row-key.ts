import { encodeCanonicalKey } from '../codec/canonical-key.ts'
import type { Key } from '../contract/entry.ts'

/** Where a recipe keeps its row. Keys of recipes begin with `'diskcache'`, so they meet no others. */
export function rowKey(recipe: string, ...parts: readonly unknown[]): Key {
  return ['diskcache', recipe, ...parts]
}

/** Equal for equal keys only. Throws `TypeError` for what cannot be a key. */
export function identityOf(key: Key): string {
  return encodeCanonicalKey(key).toString('latin1')
}
