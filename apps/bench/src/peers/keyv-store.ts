import type { Keyv } from 'keyv-5'
import type { PeerStore } from './peer.ts'

/** Keyv, of whichever version: 5 and 6 have these members alike. An error is thrown, not only emitted. */
export function keyvStore(keyv: Pick<Keyv, keyof Keyv>): PeerStore {
  let failure: unknown
  keyv.on('error', (error: unknown) => {
    failure = error
  })

  async function checked<T>(result: Promise<T>): Promise<T> {
    const value = await result
    if (failure === undefined) return value
    const error = failure
    failure = undefined
    throw error
  }

  return {
    get: (key) => checked(keyv.get(key)),
    set: (key, value) => checked(keyv.set(key, value)),
    setExpiring: (key, value, ttl) => checked(keyv.set(key, value, ttl)),
    getMany: (keys) => checked(keyv.getMany([...keys])),
    setMany: (entries) => checked(keyv.setMany(entries.map(([key, value]) => ({ key, value })))),
    close: () => keyv.disconnect(),
  }
}
