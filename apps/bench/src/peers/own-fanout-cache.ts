import { EVERYTHING, ownStore } from './own-store.ts'
import type { Peer } from './peer.ts'

export const OWN_FANOUT_CACHE: Peer = {
  name: 'diskcache FanoutCache',
  own: true,
  guarantees: EVERYTHING,
  settings:
    '8 shards; the synchronous face, which waits up to 60 s for a lock instead of dropping after 10 ms',
  shared: true,
  async open({ directory }) {
    const { FanoutCache } = await import('@diskcache/fanout')
    return ownStore(new FanoutCache(directory, { shards: 8, timeout: 60_000 }))
  },
}
