import { BENTOCACHE_OPTIONS, bentocacheStore } from './bentocache-store.ts'
import type { Peer } from './peer.ts'

export const BENTOCACHE_FILE: Peer = {
  name: 'bentocache, files',
  guarantees: {
    expiry: true,
    sizeLimit: 'none',
    processes: 'a reader may see half of a value that is being written',
    kept: true,
    crashSafe: 'half a file may be left',
  },
  settings: 'its file driver without memory before it, which processes could not share; no pruning meanwhile',
  shared: true,
  async open({ directory }) {
    const { BentoCache, bentostore } = await import('bentocache')
    const { fileDriver } = await import('bentocache/drivers/file')
    const only = bentostore().useL2Layer(fileDriver({ directory, pruneInterval: false }))
    return bentocacheStore(new BentoCache({ ...BENTOCACHE_OPTIONS, stores: { only } }))
  },
}
