import type { BentoCache, bentostore } from 'bentocache'
import type { PeerStore } from './peer.ts'

/** Entries live for ever, errors of the store are thrown, and there is no memory before it. */
export const BENTOCACHE_OPTIONS = { default: 'only', ttl: null, suppressL2Errors: false } as const

export function bentocacheStore(
  bento: BentoCache<{ readonly only: ReturnType<typeof bentostore> }>,
): PeerStore {
  return {
    get: (key) => bento.get({ key }),
    set: (key, value) => bento.set({ key, value }),
    setExpiring: (key, value, ttl) => bento.set({ key, value, ttl }),
    delete: (key) => bento.delete({ key }),
    close: () => bento.disconnectAll(),
  }
}
