import { deepStrictEqual } from 'node:assert'
import type { Cache } from '@diskcache/cache'

export interface Expected {
  readonly value: unknown
  readonly tag: string | undefined
  readonly isFile: boolean
}

/** What one writer's part of the cache should hold: keys with its prefix, and a queue of that name. */
export class Keyspace {
  readonly prefix: string
  readonly entries = new Map<string, Expected>()
  readonly queue: Expected[] = []

  constructor(prefix: string) {
    this.prefix = prefix
  }

  copy(): Keyspace {
    const copy = new Keyspace(this.prefix)
    for (const [key, expected] of this.entries) copy.entries.set(key, expected)
    copy.queue.push(...this.queue)
    return copy
  }

  get fileCount(): number {
    return [...this.entries.values(), ...this.queue].filter(({ isFile }) => isFile).length
  }

  /** How the cache differs from this; `undefined`: not at all. */
  difference(cache: Cache): string | undefined {
    try {
      deepStrictEqual(readEntries(cache, `${this.prefix}/`), plainEntries(this.entries), 'entries differ')
      const queue = Array.from(cache.entries({ prefix: `${this.prefix}-`, order: 'sorted' }), ([, value]) =>
        plain(value),
      )
      deepStrictEqual(
        queue,
        this.queue.map(({ value }) => plain(value)),
        'queues differ',
      )
      return undefined
    } catch (error) {
      return (error as Error).message.slice(0, 2_000)
    }
  }
}

function readEntries(cache: Cache, prefix: string): Map<string, unknown> {
  const keys = [...cache.keys({ prefix })] as string[]
  const found = keys.map((key) => [key, cache.getEntry(key)] as const)
  return sorted(found.map(([key, entry]) => [key, { value: plain(entry?.value), tag: entry?.tags[0] }]))
}

function plainEntries(entries: Map<string, Expected>): Map<string, unknown> {
  return sorted(Array.from(entries, ([key, { value, tag }]) => [key, { value: plain(value), tag }]))
}

function sorted(entries: [string, unknown][]): Map<string, unknown> {
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Bytes are bytes, of whatever class. */
function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value
}
