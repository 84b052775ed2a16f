import 'reflect-metadata'
import { equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cached, DiskCacheModule, getStoreToken } from '@diskcache/adapters/nest'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-use-'))
  let calls = 0

  class Numbers {
    @Cached({ ttl: 60_000 })
    async double(n: number): Promise<number> {
      calls++
      return n * 2
    }
  }

  class AppModule {}
  Module({ imports: [DiskCacheModule.forRoot({ directory })], providers: [Numbers] })(AppModule)

  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] })
  const numbers = app.get(Numbers)
  equal(await numbers.double(21), 42)
  equal(await numbers.double(21), 42)
  equal(calls, 1)
  equal(typeof app.get(getStoreToken()).get, 'function')
  await app.close()
  rmSync(directory, { recursive: true })
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
