import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { Cache } from '../src/cache.ts'
import { Child, meet } from './processes/child.ts'
import { isDamage } from './processes/soundness.ts'
import { BYTES, byVersion, FAR, SETTINGS, samplesOf, WRITTEN } from './versions/samples.ts'
import { LONG, type SharingJob, share } from './versions/share.ts'

/**
 * The packages that an older process may have loaded. Each version that is published comes to these, as a dependency for
 * development under a name of its own (`"cache-0.1.0": "npm:@diskcache/cache@0.1.0"`); until then, today's package.
 */
const OLD_PACKAGES = ['@diskcache/cache']

const OLD_PROCESS = new URL('./versions/old-process.ts', import.meta.url)
const FOLDER = join(import.meta.dirname, 'versions')
const KEPT = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort(byVersion)

test('a directory is kept of the version that is released', () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
  // Before the first release, that of the first one is there already.
  expect(KEPT).toContain(manifest.version === '0.0.0' ? '0.1.0' : manifest.version)
})

describe.each(KEPT)('a directory of version %s', (version) => {
  const copied = test.extend<{ cache: Cache }>({
    cache: async ({ directory }, use) => {
      cpSync(join(FOLDER, version), directory, { recursive: true })
      using cache = new Cache(directory)
      await use(cache)
    },
  })

  copied('has every value, under every key, with its expiry and its tag', ({ cache }) => {
    for (const { key, value, options = {} } of samplesOf(version)) {
      const { ttl, tag } = options
      expect(cache.getEntry(key), String(key)).toStrictEqual({
        value,
        expireTime: ttl === undefined ? null : FAR,
        tags: tag === undefined ? [] : [tag].flat(),
      })
    }
    const keys = [...cache.keys()]
    expect(keys.slice(0, samplesOf(version).length)).toStrictEqual(samplesOf(version).map(({ key }) => key))
    expect(cache.get('expired')).toBeUndefined()
  })

  copied('has its stream, its counters, its queues and its settings', async ({ cache }) => {
    expect(cache.stats()).toEqual({ hits: 2, misses: 1, dropped: 0 })
    expect(Buffer.concat(await cache.read('streamed')!.toArray())).toEqual(BYTES)
    expect(cache.settings).toMatchObject(SETTINGS)
    expect(cache.incr('counter')).toBe(42)
    expect(cache.pull()?.value).toBe('first')
    expect(cache.pull()?.value).toBe('second, in a file'.repeat(30))
    expect([0, 1, 2].map(() => cache.pull({ prefix: 'jobs' })?.value)).toEqual([
      ...[{ job: 0 }, { job: 1 }, undefined],
    ])
  })

  copied('is sound, also after it was written to', ({ cache, directory }) => {
    expect(cache.check().filter(isDamage)).toEqual([])
    expect(cache.evict('red')).toBe(2)
    expect(cache.expire()).toBe(1)
    for (const { key } of samplesOf(version)) cache.set(key, LONG, { ttl: FAR - WRITTEN })
    cache.configure({ evictionPolicy: 'least-recently-used', tagIndex: false })
    cache.close()

    using again = new Cache(directory)
    for (const { key } of samplesOf(version)) expect(again.get(key)).toBe(LONG)
    again.check({ fix: true })
    expect(again.check()).toEqual([])
  })

  copied('pins stay when everything else is evicted', ({ cache }) => {
    cache.configure({ sizeLimit: 0 })
    cache.cull()
    expect([...cache.keys()]).toEqual(['pinned'])
  })

  copied.for(OLD_PACKAGES)('is shared with a process of %s', async (module, { cache, directory }) => {
    const job: SharingJob = { directory, name: 'old', rounds: 100 }
    const child = Child.process<void>(OLD_PROCESS, { ...job, module }, { limit: 60_000 })
    await meet([child])
    share(cache, { ...job, name: 'new' })
    await child.result
    await child.ended

    expect(cache.getMany(['shared', 'rounds'])).toEqual([200, 200])
    for (const name of ['old', 'new']) {
      expect(cache.get([name, 90])).toBe(LONG)
      expect(cache.pull({ prefix: name })?.value).toBe(0)
      expect(cache.evict(name)).toBe(10)
    }
    for (const { key, value } of samplesOf(version)) expect(cache.get(key)).toStrictEqual(value)
    expect(cache.check().filter(isDamage)).toEqual([])
  })
})
