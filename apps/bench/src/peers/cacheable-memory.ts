import { cacheableStore } from './cacheable-store.ts'
import type { Peer } from './peer.ts'

export const CACHEABLE_MEMORY: Peer = {
  name: 'cacheable in memory',
  guarantees: {
    expiry: true,
    sizeLimit: 'a number of entries only',
    processes: 'each has its own entries',
    kept: 'in memory only',
    crashSafe: 'everything is lost',
  },
  settings: '`new Cacheable()`',
  shared: false,
  async open() {
    const { Cacheable } = await import('cacheable')
    return cacheableStore(new Cacheable())
  },
}
