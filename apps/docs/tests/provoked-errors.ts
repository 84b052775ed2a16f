import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cache, type DiskCacheErrorCode, JSONDisk } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { Lock } from '@diskcache/recipes'

/** What comes to each error, in an empty directory; the page on troubleshooting quotes it. */
export type Provocation = (directory: string) => unknown

/** Those of which a few lines suffice. */
export const PROVOCATIONS: Readonly<Partial<Record<DiskCacheErrorCode, Provocation>>> = {
  ERR_DISKCACHE_TIMEOUT: async (directory) => {
    await using _ = await writerFor3Seconds(directory)
    const cache = new Cache(directory, { timeout: 50 })
    cache.set('key', 'value') // while another process is inside transact
  },
  ERR_DISKCACHE_UNAVAILABLE: async (directory) => {
    await using _ = await writerFor3Seconds(directory)
    const lock = new Lock(new Cache(directory).promises, 'job')
    await lock.tryAcquire().catch(() => undefined) // finds out: ERR_DISKCACHE_TIMEOUT, or this one
    await lock.tryAcquire() // does not wait again
  },
  ERR_DISKCACHE_CLOSED: (directory) => {
    const cache = new Cache(directory)
    cache.close()
    cache.get('key')
  },
  ERR_DISKCACHE_CORRUPT: (directory) => {
    writeFileSync(join(directory, 'cache.db'), 'no database')
    new Cache(directory)
  },
  ERR_DISKCACHE_FOREIGN_VALUE: (directory) => {
    const cache = new Cache(directory)
    cache.set(['diskcache', 'lock', 'job'], 'text')
    return new Lock(cache, 'job').acquire()
  },
  ERR_DISKCACHE_UNSUPPORTED_VALUE: (directory) => {
    const cache = new Cache(directory)
    cache.set('page', { home: new URL('https://example.com') })
  },
  ERR_DISKCACHE_FORMAT: (directory) => {
    new Cache(directory).close()
    new Cache(directory, { disk: JSONDisk })
  },
  ERR_DISKCACHE_IO: (directory) => {
    writeFileSync(join(directory, 'file'), '')
    new Cache(join(directory, 'file'))
  },
  ERR_DISKCACHE_TOO_LARGE: (directory) => {
    const cache = new Cache(directory, { sizeLimit: 1_000_000 })
    cache.set('key', Buffer.alloc(2_000_000)) // → false
    cache.push(Buffer.alloc(2_000_000)) // throws
  },
  ERR_DISKCACHE_KEY_MISSING: (directory) => {
    const cache = new Cache(directory)
    cache.incr('visits', 1, { initial: null })
  },
  ERR_DISKCACHE_REENTRANT: (directory) => {
    const cache = new Cache(directory)
    const other = new Cache(directory)
    cache.transact(() => other.set('key', 'value'))
  },
  ERR_DISKCACHE_READONLY: (directory) => {
    new Cache(directory).close()
    const cache = new Cache(directory, { readonly: true })
    cache.set('key', 'value')
  },
  ERR_DISKCACHE_LOCK_LOST: async (directory) => {
    const cache = new Cache(directory)
    const hold = await new Lock(cache, 'job').acquire()
    cache.clear() // removes the rows of locks, too
    await hold.release()
  },
  ERR_DISKCACHE_LOCK_TIMEOUT: async (directory) => {
    const cache = new Cache(directory)
    await new Lock(cache, 'job').acquire()
    await new Lock(cache, 'job').acquire({ timeout: 50 })
  },
  ERR_DISKCACHE_SHARDS: (directory) => {
    new FanoutCache(directory, { shards: 4 }).close()
    new FanoutCache(directory, { shards: 8 })
  },
  ERR_DISKCACHE_UNSAFE: (directory) => {
    mkdirSync(join(directory, 'open'))
    chmodSync(join(directory, 'open'), 0o777)
    new Cache(join(directory, 'open'), { onUnsafe: 'throw' })
  },
}

const WRITER = `
  import { Cache } from '@diskcache/cache'
  new Cache(process.argv[1]).transact(() => {
    process.stdout.write('writing')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000)
  })
`

/** Another process that keeps the lock of those who write, for three seconds or until it is disposed of. */
async function writerFor3Seconds(directory: string): Promise<AsyncDisposable> {
  const words = ['--input-type=module', '--eval', WRITER, directory]
  const writer = spawn(process.execPath, words, {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(writer.stdout, 'data')
  return {
    async [Symbol.asyncDispose]() {
      const exit = once(writer, 'exit')
      writer.kill()
      await exit
    },
  }
}
