import { join } from 'node:path'
import type { CreateDriverResult, L2CacheDriver } from 'bentocache/types'
import type { PeerCalls } from '../peer.ts'
import { type LibraryPeer, OURS } from './library-peer.ts'

const BENTOCACHE = { library: 'bentocache' } as const

export const OWN_BENTOCACHE_DRIVER: LibraryPeer = {
  ...BENTOCACHE,
  name: 'diskcacheDriver of bentocache',
  own: true,
  guarantees: OURS,
  settings: 'on a directory, with default settings; the only layer',
  shared: true,
  async open({ directory, sizeLimit }) {
    const { diskcacheDriver } = await import('@diskcache/adapters/bentocache')
    return entriesIn(diskcacheDriver(directory, { cache: sizeLimit === undefined ? {} : { sizeLimit } }))
  },
}

export const BENTOCACHE_FILES: LibraryPeer = {
  ...BENTOCACHE,
  name: 'file driver',
  guarantees: {
    expiry: true,
    sizeLimit: 'none',
    processes: true,
    kept: true,
    crashSafe: 'half of a value may be left',
    atomic: 'half of a value is read',
    room: 'freed by a thread in each process, which reads all files',
  },
  settings: 'prunes hourly; a file for each entry, which is overwritten; the only layer',
  shared: true,
  async open({ directory }) {
    const { fileDriver } = await import('bentocache/drivers/file')
    return entriesIn(fileDriver({ directory: join(directory, 'entries'), pruneInterval: '1h' }))
  },
}

async function entriesIn(driver: CreateDriverResult<L2CacheDriver>): Promise<PeerCalls> {
  const { BentoCache, bentostore } = await import('bentocache')
  const bento = new BentoCache({ default: 'disk', stores: { disk: bentostore().useL2Layer(driver) } })
  return {
    get: (key) => bento.get({ key }),
    set: (key, value) => bento.setForever({ key, value }),
    setExpiring: (key, value, ttl) => bento.set({ key, value, ttl }),
    close: () => bento.disconnectAll(),
  }
}
