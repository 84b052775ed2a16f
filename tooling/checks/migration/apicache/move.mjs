import assert from 'node:assert/strict'
import { cacheResponses } from '@diskcache/adapters/express'
import express from 'express'

const cache = cacheResponses('responses', { ttl: 60_000 })
const app = express()
app.use(cache)
app.get('/time', (_request, response) => response.send(String(Date.now())))
app.get('/login', (_request, response) => response.cookie('sid', 1).send('Hello'))
const server = app.listen(0)
const url = `http://localhost:${server.address().port}`
const lines = []
const console = { log: (...words) => lines.push(words.join(' ')) }

for (const path of ['/time', '/login']) {
  await fetch(url + path)
  console.log(path, (await fetch(url + path)).headers.get('cache-status'))
}

assert.match(lines[0], /^\/time diskcache; hit; ttl=(59|60)$/)
assert.equal(lines[1], '/login diskcache; fwd=bypass; detail=set-cookie')
server.closeAllConnections()
server.close()
await cache.close()
