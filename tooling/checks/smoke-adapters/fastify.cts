import { equal, match } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheResponses } from '@diskcache/adapters/fastify'

import Fastify = require('fastify')

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
  const app = Fastify()
  await app.register(cacheResponses, { store: directory })
  app.get('/', async (_request, reply) => {
    reply.header('Cache-Control', 'public, max-age=60')
    return 'hello'
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  for (const status of [/fwd=/, /hit/]) {
    const response = await fetch(url)
    equal(await response.text(), 'hello')
    match(response.headers.get('cache-status') ?? '', status)
  }
  await app.close()
  rmSync(directory, { recursive: true })
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
