import { equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskcacheDriver } from '@diskcache/adapters/unstorage'
import { createStorage } from 'unstorage'

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
  const driver = diskcacheDriver(directory, { base: 'b', ttl: 60, cache: { sizeLimit: 1_000_000 } })
  const storage = createStorage<number>({ driver })
  await storage.setItem('key', 1)
  const value: number | null = await storage.getItem('key')
  equal(value, 1)
  await storage.dispose()
  rmSync(directory, { recursive: true })
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
