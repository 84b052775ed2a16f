import { MemoryStore } from '@diskcache/testkit/memory'
import { expect, test } from 'vitest'
import { RLock } from '../index.ts'

const NOW = { timeout: 0 }

test('RLock.run() enters again through another object for its namespace', async () => {
  await using store = new MemoryStore()
  const lock = (name: string) => new RLock(store.namespace(name), 'k')
  await lock('a').run(async (hold) => {
    expect(await lock('a').run(({ token }) => token, NOW)).toBe(hold.token)
    expect(await lock('a').run(({ token }) => token, { within: hold })).toBe(hold.token)
    await expect(lock('b').acquire({ within: hold })).rejects.toThrow(TypeError)
    await expect(new RLock(store, 'k').acquire({ within: hold })).rejects.toThrow(TypeError)
  })
})
