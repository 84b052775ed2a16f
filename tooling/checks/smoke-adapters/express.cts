import { equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheResponses } from '@diskcache/adapters/express'

import express = require('express')

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
  const responses = cacheResponses(directory)
  const app = express()
  app.get('/', responses, (_req, res) => {
    res.set('Cache-Control', 'public, max-age=60').send('hello')
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  for (const status of [/fwd=/, /hit/]) {
    const response = await fetch(url)
    equal(await response.text(), 'hello')
    match(response.headers.get('cache-status') ?? '', status)
  }
  server.closeAllConnections()
  server.close()
  await responses.close()
  rmSync(directory, { recursive: true })
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
