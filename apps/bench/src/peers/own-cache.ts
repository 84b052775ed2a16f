import { EVERYTHING, ownStore } from './own-store.ts'
import type { Peer } from './peer.ts'

/** What every other peer is compared with. */
export const OWN_CACHE: Peer = {
  name: 'diskcache Cache',
  own: true,
  guarantees: EVERYTHING,
  settings: 'default settings, the synchronous face; waits up to 60 s for a lock',
  shared: true,
  async open({ directory }) {
    const { Cache } = await import('@diskcache/cache')
    return ownStore(new Cache(directory, { timeout: 60_000 }))
  },
}
