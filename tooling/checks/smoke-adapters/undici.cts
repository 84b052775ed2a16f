import { equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UndiciCacheStore } from '@diskcache/adapters/undici'
import { Agent, interceptors, request } from 'undici'

let runs = 0

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
  const server = createServer((_, response) => {
    response.setHeader('Cache-Control', 'max-age=60').end(`${++runs}`)
  }).listen(0)
  const { port } = server.address() as AddressInfo
  const store = new UndiciCacheStore(directory, { sizeLimit: 1_000_000 })
  const agent = new Agent()
  const dispatcher = agent.compose(interceptors.cache({ store }))
  for (let i = 0; i < 2; i++) {
    const { body } = await request(`http://localhost:${port}/`, { dispatcher })
    equal(await body.text(), '1')
  }
  await agent.close()
  await store.close()
  server.close()
  rmSync(directory, { recursive: true })
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
