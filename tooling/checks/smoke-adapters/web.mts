import { equal, match } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheResponses } from '@diskcache/adapters/web'

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const cache = cacheResponses(directory)
const handle = cache.wrap(
  (_request: Request) => new Response('hello', { headers: { 'Cache-Control': 'public, max-age=60' } }),
)
for (const status of [/fwd=/, /hit|collapsed/]) {
  const response = await handle(new Request('https://shop.example/'))
  equal(await response.text(), 'hello')
  match(response.headers.get('cache-status') ?? '', status)
}
await cache.close()
rmSync(directory, { recursive: true })
