import { keyvStore } from '../keyv-store.ts'
import type { Peer } from '../peer.ts'
import { IN_MEMORY_REDIS, REDIS_SETTINGS } from './node-redis.ts'

export const KEYV_REDIS: Peer = {
  name: '@keyv/redis',
  guarantees: IN_MEMORY_REDIS,
  settings: `Keyv 5 with default settings; ${REDIS_SETTINGS}`,
  shared: true,
  server: 'redis',
  async open({ address }) {
    const { Keyv } = await import('keyv-5')
    const { default: KeyvRedis } = await import('@keyv/redis')
    return keyvStore(new Keyv(new KeyvRedis(`redis://${address}`)))
  },
}
