import { spawnSync } from 'node:child_process'
import { createKeyv } from '@diskcache/adapters/keyv'
import KeyvRedis from '@keyv/redis'
import { Keyv } from 'keyv-5'
import type { KeyvPeer, MissingPeer } from './keyv-peer.ts'
import { RedisServer } from './keyv-redis-server.ts'

const NAME = '@keyv/redis'

/** A server of its own on the loopback interface, which keeps everything in memory and nothing on disk. */
export function loadKeyvRedis(): KeyvPeer | MissingPeer {
  const { status } = spawnSync('redis-server', ['--version'])
  if (status !== 0) return { name: NAME, reason: 'there is no redis-server' }
  return {
    name: NAME,
    async open(stage) {
      const server = stage.use(await RedisServer.start(stage.directory))
      const keyv = new Keyv(new KeyvRedis(server.url))
      stage.use({ [Symbol.asyncDispose]: () => keyv.disconnect() })
      return keyv
    },
    ours: (cache) => createKeyv<never>(cache),
  }
}
