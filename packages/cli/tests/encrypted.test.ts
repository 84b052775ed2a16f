import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cache, EncryptedDisk } from '@diskcache/cache'
import { RedisStore } from '@diskcache/redis'
import { expect } from 'vitest'
import { describeRedis } from '../../redis/tests/servers/describe-redis.ts'
import { RedisServer } from '../../redis/tests/servers/redis-server.ts'
import { test } from './command-test.ts'
import { run } from './run-command.ts'

const [key, other] = [randomBytes(32), randomBytes(32)]

test.concurrent('keys that are encrypted are refused, and none is stored in plain text', async ({
  folder,
}) => {
  const [directory, secret] = [join(folder, 'encrypted'), secretFile(folder, key)]
  const disk = new EncryptedDisk({ keys: [key], entryKey: other })
  withDisk(directory, disk, (cache) => cache.set('user:1', 'Ada'))
  for (const words of [
    ['set', directory, 'user:2', 'v', '--secret-file', secret],
    ['get', directory, 'user:1', '--secret-file', secret],
    ['delete', directory, 'user:1'],
    ['touch', directory, 'user:1', '--ttl', '1s'],
  ]) {
    const { code, stderr } = await run(words)
    expect([words[0], code, stderr]).toEqual([
      words[0],
      2,
      expect.stringContaining('keys are encrypted here'),
    ])
  }
  const files = readdirSync(directory).filter((name) => name.startsWith('cache.db'))
  for (const file of files) expect(readFileSync(join(directory, file), 'latin1')).not.toContain('user:')
  expect((await run(['keys', directory])).code).toBe(0)
  expect(withDisk(directory, disk, (cache) => [...cache.keys()])).toEqual(['user:1'])
})

test.concurrent('set takes a secret that opens what is there, and makes a cache that has it', async ({
  folder,
}) => {
  const [directory, plain] = [join(folder, 'encrypted'), join(folder, 'plain')]
  const [secret, wrong] = [secretFile(folder, key), secretFile(folder, other)]
  const set = (name: string, ...files: string[]) =>
    run(['set', name, 'k', 'v', '--create', ...files.flatMap((file) => ['--secret-file', file])])
  expect(await set(directory, secret)).toMatchObject({ code: 0, stderr: '' })
  expect(await set(directory, wrong)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('opens none'),
  })
  // A new secret stands before the old one.
  expect(await set(directory, wrong, secret)).toMatchObject({ code: 0, stderr: '' })
  expect(withDisk(directory, new EncryptedDisk({ keys: [other] }), (cache) => cache.get('k'))).toBe('v')
  expect(await set(plain)).toMatchObject({ code: 0 })
  expect(await set(plain, secret)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not encrypted'),
  })
})

describeRedis('encrypted values on Redis', () => {
  test('set encrypts, and get tells that a value is encrypted', async ({ folder }) => {
    const server = await RedisServer.start()
    const store = new RedisStore({ url: server.url, prefix: 'e', disk: new EncryptedDisk({ keys: [key] }) })
    try {
      const address = `${server.url}?prefix=e`
      const [secret, wrong] = [secretFile(folder, key), secretFile(folder, other)]
      expect(await run(['set', address, 'k', 'text', '--secret-file', secret])).toMatchObject({ code: 0 })
      expect(await store.get('k')).toBe('text')
      expect(await run(['get', address, 'k', '--secret-file', secret])).toMatchObject({ stdout: 'text\n' })
      for (const form of [[], ['--json'], ['--raw']]) {
        const { code, stderr } = await run(['get', address, 'k', ...form])
        expect({ code, stderr }).toEqual({
          code: 2,
          stderr: expect.stringContaining('encrypted; give the secret'),
        })
      }
      expect(await run(['set', address, 'k', 'v', '--secret-file', wrong])).toMatchObject({
        ...{ code: 2, stderr: expect.stringContaining('opens none') },
      })
    } finally {
      await store.close()
      await server.stop()
    }
  })
})

function withDisk<T>(directory: string, disk: EncryptedDisk, body: (cache: Cache) => T): T {
  using cache = new Cache(directory, { disk })
  return body(cache)
}

function secretFile(folder: string, secret: Buffer): string {
  const path = join(folder, secret.toString('hex', 0, 4))
  writeFileSync(path, secret)
  return path
}
