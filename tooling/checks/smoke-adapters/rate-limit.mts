import { equal, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRateLimiter, limitRequests, RateLimitStore } from '@diskcache/adapters/rate-limit'
import * as flexible from 'rate-limiter-flexible'

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const limiter = createRateLimiter(flexible, directory, { points: 2, duration: 60 })
ok(limiter instanceof Object.getPrototypeOf(flexible.RateLimiterRedis))
equal((await limiter.consume('ada')).remainingPoints, 1)
await limiter.close()
const store = new RateLimitStore(directory, { cache: { sizeLimit: 1_000_000 } })
equal((await store.increment('ada')).totalHits, 1)
await store.shutdown()
const limit = limitRequests(directory, { name: 'api', count: 1, per: 60_000 })
const server = createServer((req, res) => limit(req, res, () => res.end('Hello'))).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
const answer = await fetch(`http://127.0.0.1:${port}`)
equal(answer.headers.get('RateLimit-Policy'), '"api";q=1;w=60')
server.closeAllConnections()
server.close()
await limit.close()
rmSync(directory, { recursive: true })
