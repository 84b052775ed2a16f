import type { Peer } from './peer.ts'

export const NODE_PERSIST: Peer = {
  name: 'node-persist',
  guarantees: {
    expiry: true,
    sizeLimit: 'none',
    processes: 'not meant for it',
    kept: true,
    crashSafe: 'half a file may be left',
  },
  settings: 'default settings: a JSON file an entry',
  shared: false,
  async open({ directory }) {
    const { default: persist } = await import('node-persist')
    const storage = persist.create({ dir: directory })
    await storage.init()
    return {
      get: (key) => storage.getItem(key),
      set: (key, value) => storage.setItem(key, value),
      setExpiring: (key, value, ttl) => storage.setItem(key, value, { ttl }),
      delete: (key) => storage.removeItem(key),
      close: () => storage.stopExpiredKeysInterval(),
    }
  },
}
