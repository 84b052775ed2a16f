/** Fetches a URL with got and with cacheable-request, cached in a directory; prints what came, and whether from the cache. */
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import CacheableRequest from 'cacheable-request'
import got from 'got'
import { createKeyv, KeyvStore } from '../../../src/keyv/index.ts'

const [, , directory, url] = process.argv
const cache = new Cache(directory)

async function withGot() {
  const keyv = createKeyv(cache, { namespace: 'got' })
  const { body, isFromCache } = await got(`${url}/got`, { cache: keyv })
  return { body, isFromCache }
}

async function withCacheableRequest(path: string, adapter: object) {
  const client = new CacheableRequest(request, adapter as never).request()
  const emitter = client(new URL(`${url}${path}`), undefined as never)
  emitter.on('request', (sent) => sent.end())
  const [response] = await once(emitter, 'response')
  const body = await text(response)
  return { body, isFromCache: response.fromCache }
}

const keyv = createKeyv(cache, { namespace: 'cacheable-request' })
const results = [
  await withGot(),
  await withCacheableRequest('/keyv', keyv),
  await withCacheableRequest('/store', new KeyvStore(cache)),
]
// The clients give the answer before they have stored it.
while (cache.size < results.length) await delay(5)
await cache.promises.close()
console.log(JSON.stringify(results))
