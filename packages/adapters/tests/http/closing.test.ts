import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Cache } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { expect, onTestFinished } from 'vitest'
import { HttpCache } from '../../src/http/index.ts'
import { listenerOf } from './engine.ts'
import { listen } from './platforms.ts'

const OPTIONS = { ttl: 60_000, storeTimeout: 20_000 }

/** What has been sent, by the path, when the cache is closed. Some is kept in one row with the rest, some goes into another. */
const BEGINNINGS: Readonly<Record<string, number>> = { '/asked': 0, '/begun': 10, '/long': 200_000 }

function errorMessages(): unknown[] {
  const messages: unknown[] = []
  const listener = (message: unknown) => void messages.push(message)
  subscribe('diskcache:error', listener)
  onTestFinished(() => void unsubscribe('diskcache:error', listener))
  return messages
}

async function storedPaths(directory: string): Promise<string[]> {
  await using cache = new HttpCache(directory)
  const responses = await Array.fromAsync(cache.list())
  return responses.map(({ url }) => new URL(url).pathname)
}

test.for(['the cache', 'the application'] as const)(
  'HttpCache.close() stores what is complete, and tells nothing of the rest, with a store of %s',
  async (owner, { directory }) => {
    const [messages, errors] = [errorMessages(), [] as unknown[]]
    const store = owner === 'the cache' ? directory : new Cache(directory)
    const onError = (error: unknown) => void errors.push(error)
    const cache = new HttpCache<IncomingMessage, ServerResponse>(store, { ...OPTIONS, onError })
    const open: ServerResponse[] = []
    const listener = listenerOf(cache, (req, res) => {
      const beginning = BEGINNINGS[req.url ?? '']
      if (beginning === undefined) return void res.end('complete')
      if (beginning > 0) res.write('.'.repeat(beginning))
      open.push(res)
    })
    await using app = await listen(listener, cache)
    const paths = Object.keys(BEGINNINGS)
    // Two of each: one waits for the other.
    const begun = [...paths, ...paths].map((path) => app.ask(path))
    await expect.poll(() => open.length).toBe(paths.length)
    await app.ask('/complete')
    await cache.close()
    if (typeof store !== 'string') await store.promises.close()
    const answers = Promise.all(begun)
    const end = setInterval(() => {
      for (const res of open.splice(0)) res.end('the end')
    })
    for (const { text } of await answers) expect(text).toMatch(/^\.*the end$/)
    clearInterval(end)
    expect([messages, errors]).toEqual([[], []])
    expect(await storedPaths(directory)).toEqual(['/complete'])
  },
)
