import { Cache, Disk, EncryptedDisk } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { type CodecJob, type CodecReport, LINES } from './codecs/codec-worker.ts'
import { Child } from './processes/child.ts'

const WORKER = new URL('./codecs/codec-worker.ts', import.meta.url)

function inProcess(job: CodecJob): Promise<CodecReport> {
  return Child.process<CodecReport>(WORKER, job, { limit: 60_000 }).result
}

directoryTest(
  'A process that compresses shares a directory with one that does not',
  async ({ directory }) => {
    const set = (key: string, compression: boolean, get: string[]) =>
      inProcess({ directory, compression, set: [key], get })
    expect(await set('compressed', true, [])).toEqual([])
    expect(await set('plain', false, ['compressed'])).toEqual([true])
    expect(await set('again', true, ['compressed', 'plain'])).toEqual([true, true])
    using cache = new Cache(directory, { disk: new Disk({ compression: true }) })
    expect([...cache.values()]).toEqual([LINES, LINES, LINES])
    expect(cache.check()).toEqual([])
  },
)

directoryTest('Processes go over to another key one after the other', async ({ directory }) => {
  const set = (key: string, keys: number[], get: string[]) =>
    inProcess({ directory, compression: true, keys, set: [key], get })
  await set('old', [1], [])
  // First all learn to decrypt by the new key, and then they encrypt by it.
  expect(await set('both', [1, 2], ['old'])).toEqual([true])
  expect(await set('new', [2, 1], ['old', 'both'])).toEqual([true, true])
  expect(await set('more', [1, 2], ['new'])).toEqual([true])
  expect(await set('last', [2], ['old', 'both', 'new'])).toEqual([
    'ERR_DISKCACHE_FORMAT',
    'ERR_DISKCACHE_FORMAT',
    true,
  ])
  using cache = new Cache(directory, {
    disk: new EncryptedDisk({ keys: [1, 2].map((b) => Buffer.alloc(32, b)) }),
  })
  expect([...cache.values()]).toEqual(Array(5).fill(LINES))
})
