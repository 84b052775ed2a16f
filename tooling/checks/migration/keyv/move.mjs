import assert from 'node:assert/strict'
import { createKeyv } from '@diskcache/adapters/keyv'
import { RedisStore } from '@diskcache/redis'
import KeyvRedis from '@keyv/redis'
import { Keyv } from 'keyv'
import { KeyvFile } from 'keyv-file'

const url = process.env.REDIS_URL
const users = createKeyv('cache-directory')
const pages = createKeyv(new RedisStore({ url, prefix: 'app' }), { namespace: 'pages' })

// The program of apps/docs/keyv.md, with the stores that the page on migration says it for.
for (const store of [new KeyvFile({ filename: 'old.json' }), new KeyvRedis(url)]) {
  const old = new Keyv({ store })
  await old.set('user:1', 'Ada', 60_000)
  await old.set('user:2', 'Grace')
  for (const keyv of [users, pages]) {
    await keyv.clear()
    for await (const [key] of old.iterator('keyv')) {
      const entry = await old.get(key, { raw: true })
      if (entry === undefined) continue
      const ttl = entry.expires && Math.max(entry.expires - Date.now(), 1)
      await keyv.set(key, entry.value, ttl)
    }
    assert.deepEqual(await keyv.get(['user:1', 'user:2']), ['Ada', 'Grace'])
    const left = (await keyv.get('user:1', { raw: true })).expires - Date.now()
    assert.ok(left > 50_000 && left <= 60_000, String(left))
  }
  await old.clear()
  await old.disconnect()
}
process.exit(0)
