import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Cache, type Key } from '@diskcache/cache'

/** The smallest PNG: one pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export const HOSTILE = '<script>window.pwned = 1</script>"\'><img src=x onerror=alert(1)>'

/** A key that turns the direction of writing, rings, and goes on in another line. */
export const HIDDEN = 'invoice\u202egnp.exe\u0007\u001b[2J\nnext'

export const LONG = `long:${'k'.repeat(10_000)}`

/** Entries of every kind, and so many others behind them in the list. */
export async function fillWithAllKinds(directory: string, others: number): Promise<void> {
  using cache = new Cache<Key, unknown>(directory, { statistics: true })
  const items = Array.from({ length: others }, (_, i) => [`item:${i}`, `value ${i}`] as const)
  cache.setMany(items, { tag: 'items' })
  cache.set(
    'order:7',
    { user: 'Ada', items: [{ id: 1, price: 40.5 }, { id: 2 }], note: HOSTILE },
    { tag: 'shop' },
  )
  cache.set(
    'map',
    new Map<unknown, unknown>([
      ['when', new Date(0)],
      ['set', new Set([1n])],
    ]),
  )
  cache.set('text:poem', 'The first line\n\tand <b>the second</b>\u202e', { tag: ['shop', 'texts'] })
  cache.set('number', 0.1)
  cache.set('null', null)
  cache.set('bytes', Buffer.from([0, 1, 2, 255]))
  cache.set('picture', PNG)
  cache.set('svg', `<svg xmlns="http://www.w3.org/2000/svg" onload="${HOSTILE}"></svg>`)
  cache.set('large', 'x'.repeat(300_000), { pin: true })
  await cache.write('stream', Readable.from([Buffer.from([7, 8]), Buffer.from([9])]))
  cache.set('soon', 'expires', { ttl: 86_400_000 })
  cache.set(12.5, 'a number as a key')
  cache.set(['list', { a: 1 }], 'a structured key')
  cache.set(HOSTILE, HOSTILE, { tag: HOSTILE })
  cache.set(HIDDEN, 'hidden')
  cache.set(LONG, 'long')
  cache.set('damaged', Buffer.alloc(100_001, 'damage'))
  flipByte(directory, 100_001)
}

/** Flips a bit in the one file of so many bytes. */
function flipByte(directory: string, size: number): void {
  const files = globSync('**/*.val', { cwd: directory }).map((path) => join(directory, path))
  const [file] = files.filter((path) => statSync(path).size === size)
  if (file === undefined) throw new Error(`No file has ${size} bytes`)
  const bytes = readFileSync(file)
  bytes[size >> 1] = (bytes[size >> 1] ?? 0) ^ 1
  writeFileSync(file, bytes)
}
