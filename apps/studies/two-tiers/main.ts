import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'

const cache = new Cache('prices', { memory: { maxBytes: 16 * 1024 ** 2 } })
cache.set('bread', 250)

/** Reads as often as it can for so many milliseconds, and gives how often. */
function readFor(milliseconds: number, from: Cache): number {
  const end = performance.now() + milliseconds
  let reads = 0
  for (; performance.now() < end; reads++) from.get('bread')
  return reads
}

const withoutMemory = new Cache('prices')
const ratio = readFor(300, cache) / readFor(300, withoutMemory)
console.log('with memory more reads than without:', ratio > 2)
withoutMemory.close()

// Another process changes the price.
await once(fork(join(import.meta.dirname, 'raise.ts')), 'exit')
console.log('the price that is read from now on:', cache.get('bread'))
cache.close()
