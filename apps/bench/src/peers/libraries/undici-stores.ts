import { once } from 'node:events'
import { join } from 'node:path'
import type { CacheStore, CacheValue } from '@diskcache/adapters/undici'
import type { PeerCalls } from '../peer.ts'
import { IN_MEMORY, type LibraryPeer, OURS } from './library-peer.ts'

const UNDICI = { library: 'undici' } as const

/** Longer than any measurement, in milliseconds. */
const LIFETIME = 3_600_000

export const OWN_UNDICI_STORE: LibraryPeer = {
  ...UNDICI,
  name: 'UndiciCacheStore',
  own: true,
  guarantees: OURS,
  settings: 'on a directory, with default settings',
  shared: true,
  async open({ directory, ...options }) {
    const { UndiciCacheStore } = await import('@diskcache/adapters/undici')
    return responsesIn(new UndiciCacheStore(directory, limitOf(options)))
  },
}

export const UNDICI_MEMORY: LibraryPeer = {
  ...UNDICI,
  name: 'MemoryCacheStore',
  guarantees: { ...IN_MEMORY, expiry: true, sizeLimit: true, room: 'freed when it is full' },
  settings: 'default settings: 100 MB, 1,024 responses',
  shared: false,
  async open({ sizeLimit }) {
    const { cacheStores } = await import('undici')
    return responsesIn(
      new cacheStores.MemoryCacheStore(sizeLimit === undefined ? {} : { maxSize: sizeLimit }),
    )
  },
}

export const UNDICI_SQLITE: LibraryPeer = {
  ...UNDICI,
  name: 'SqliteCacheStore',
  guarantees: {
    expiry: true,
    sizeLimit: 'a number of responses',
    processes: true,
    kept: true,
    crashSafe: true,
    atomic: 'a write that meets another’s is dropped',
    room: 'freed by later writes',
  },
  settings: 'on a file, otherwise with default settings: `node:sqlite`, WAL, `synchronous = NORMAL`',
  shared: true,
  async open({ directory }) {
    const { cacheStores } = await import('undici')
    return responsesIn(new cacheStores.SqliteCacheStore({ location: join(directory, 'undici.db') }))
  },
}

function limitOf({ sizeLimit }: { readonly sizeLimit?: number }): { sizeLimit?: number } {
  return sizeLimit === undefined ? {} : { sizeLimit }
}

/** Stores as undici's cache interceptor does, and reads whole bodies. */
function responsesIn(store: CacheStore & { close?(): unknown }): PeerCalls {
  const setExpiring = async (key: string, body: string, ttl: number) => {
    const stream = store.createWriteStream(keyOf(key), valueFor(ttl))
    if (stream === undefined) return false
    const finished = once(stream, 'finish')
    stream.end(Buffer.from(body, 'latin1'))
    await finished
    return true
  }
  return {
    get: async (key) => textOf((await store.get(keyOf(key)))?.body),
    set: (key, body) => setExpiring(key, body, LIFETIME),
    setExpiring,
    close: () => store.close?.(),
  }
}

function keyOf(key: string) {
  return { origin: 'https://example.org', method: 'GET', path: `/${key}`, headers: {} }
}

/** Of a type that `SqliteCacheStore` does not compress. */
function valueFor(ttl: number): CacheValue {
  const cachedAt = Date.now()
  const headers = {
    'content-type': 'application/octet-stream',
    'cache-control': 'public, max-age=3600',
    date: new Date(cachedAt).toUTCString(),
    etag: '"a0b1c2d3"',
  }
  const times = { cachedAt, staleAt: cachedAt + ttl, deleteAt: cachedAt + ttl }
  return { statusCode: 200, statusMessage: 'OK', headers, cacheControlDirectives: {}, ...times }
}

async function textOf(body: unknown): Promise<string | undefined> {
  if (body === undefined) return undefined
  if (body instanceof Uint8Array)
    return Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1')
  const parts = Array.isArray(body) ? body : await Array.fromAsync(body as AsyncIterable<Buffer>)
  return (parts.length === 1 ? parts[0] : Buffer.concat(parts)).toString('latin1')
}
