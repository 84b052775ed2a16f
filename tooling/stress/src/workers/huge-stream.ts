import { ok, strictEqual } from 'node:assert'
import { createHash } from 'node:crypto'
import { Cache } from '@diskcache/cache'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import { collectGarbage } from './collect-garbage.ts'

export interface StreamJob {
  readonly directory: string
  /** Bytes. */
  readonly size: number
}

export interface StreamReport {
  /** Bytes by which the peak of the resident set exceeds what it was before, as the kernel noted it. */
  readonly extra: number
  /** The same, as sampled while it worked. */
  readonly sampled: number
  readonly writeSeconds: number
  readonly readSeconds: number
}

const CHUNK = 2 ** 16
/** So many bytes go through between two collections of garbage. */
const STRETCH = 2 ** 24

role<StreamJob, StreamReport>(async ({ directory, size }) => {
  using cache = new Cache(directory, { sizeLimit: 4 * 2 ** 30 })
  // What is needed for any stream must not count.
  await writeAndRead(cache, 64 * CHUNK)
  const before = process.resourceUsage().maxRSS * 1024
  let most = process.memoryUsage.rss()
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 20)
  const times = await writeAndRead(cache, size)
  clearInterval(sampler)
  return { extra: process.resourceUsage().maxRSS * 1024 - before, sampled: most - before, ...times }
})

async function writeAndRead(cache: Cache, size: number) {
  const start = performance.now()
  const written = createHash('sha256')
  ok(
    await cache.write(
      'huge',
      source(size, (chunk) => written.update(chunk)),
    ),
  )
  const middle = performance.now()
  const read = createHash('sha256')
  let bytes = 0
  for await (const chunk of cache.read('huge') ?? []) {
    read.update(chunk as Uint8Array)
    bytes += (chunk as Uint8Array).length
    if (bytes % STRETCH < CHUNK) collectGarbage()
  }
  strictEqual(
    read.digest('hex'),
    written.digest('hex'),
    'the bytes that were read are not those that were written',
  )
  return { writeSeconds: (middle - start) / 1e3, readSeconds: (performance.now() - middle) / 1e3 }
}

/** Always the same buffer, so that only the cache's own memory counts. */
async function* source(size: number, see: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(CHUNK)
  for (let at = 0; at < size; at += CHUNK) {
    if (at % STRETCH === 0) collectGarbage()
    chunk.fill(`chunk ${at} `)
    see(chunk)
    yield chunk
  }
}
