import { equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskcacheDriver } from '@diskcache/adapters/bentocache'
import { BentoCache, bentostore } from 'bentocache'

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
  const driver = diskcacheDriver(directory, { prefix: 'b', cache: { sizeLimit: 1_000_000 } })
  const bento = new BentoCache({ default: 'disk', stores: { disk: bentostore().useL2Layer(driver) } })
  const value: number = await bento.getOrSet({ key: 'key', factory: async () => 1 })
  equal(value, 1)
  equal(await bento.get<number>({ key: 'key' }), 1)
  await bento.disconnect()
  rmSync(directory, { recursive: true })
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
