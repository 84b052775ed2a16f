import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '../../src/cache.ts'

/** The number of entries in a cache of {@link fill}. */
export const ENTRIES = 400

/** The size of a page of a database that we made, in bytes. */
export const PAGE = 2048

/** Makes a cache of several pages in `directory`, and closes it. */
export function fill(directory: string): void {
  using cache = new Cache(directory)
  cache.transact(() => {
    for (let i = 0; i < ENTRIES; i++)
      cache.set(`key-${i}`, { i, text: 'x'.repeat(i % 200) }, { tag: `tag-${i % 5}` })
    for (let i = 0; i < 10; i++) cache.push(i)
  })
}

/** Writes bytes into the database behind SQLite's back. Nobody in this process may have it open. */
export function overwrite(directory: string, at: number, bytes: Uint8Array): void {
  const descriptor = openSync(join(directory, 'cache.db'), 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

/** Changes the bytes of the database, which nobody in this process may have open. */
export function damage(directory: string, change: (bytes: Buffer) => Buffer | undefined): void {
  const file = join(directory, 'cache.db')
  const bytes = readFileSync(file)
  writeFileSync(file, change(bytes) ?? bytes)
}

/** Returns a generator of numbers from 0 to 1 for a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
