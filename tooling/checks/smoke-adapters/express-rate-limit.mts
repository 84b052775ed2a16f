import { equal } from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RateLimitStore } from '@diskcache/adapters/rate-limit'
import express from 'express'
import { rateLimit } from 'express-rate-limit'

const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
const store = new RateLimitStore(directory)
const app = express()
app.use(rateLimit({ store, windowMs: 60_000, limit: 1 }))
app.use((_request, response) => void response.end('Hello'))
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
for (const status of [200, 429]) equal((await fetch(origin)).status, status)
server.closeAllConnections()
server.close()
await store.shutdown()
rmSync(directory, { recursive: true })
