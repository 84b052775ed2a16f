import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as cacheExports from '@diskcache/cache'
import * as collections from '@diskcache/collections'
import { FanoutCache } from '@diskcache/fanout'
import * as recipes from '@diskcache/recipes'

/** Returns the names that the packages export, and those of the members of what they export. */
export function nodeNames(): Set<string> {
  const exported = { ...cacheExports, ...collections, ...recipes, FanoutCache }
  const classes = Object.values(exported).flatMap((one) => [one, (one as { prototype?: object }).prototype])
  return new Set([...Object.keys(exported), ...[...classes, ...promiseFaces()].flatMap(membersOf), 'release'])
}

/** Returns objects of the classes that are not exported. */
function promiseFaces(): object[] {
  const root = mkdtempSync(join(tmpdir(), 'diskcache-names-'))
  using deque = new collections.Deque(join(root, 'deque'))
  using index = new collections.Index(join(root, 'index'))
  const faces = [deque.promises, index.promises, deque.cache.promises]
  rmSync(root, { recursive: true })
  return faces
}

function membersOf(value: unknown): string[] {
  if (value === null || value === undefined || typeof value === 'string') return []
  return [...Object.getOwnPropertyNames(value), ...membersOf(Object.getPrototypeOf(value))]
}
