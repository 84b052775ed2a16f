import { join } from 'node:path'
import type { Driver } from 'unstorage'
import type { PeerCalls } from '../peer.ts'
import { type LibraryPeer, OURS } from './library-peer.ts'

const UNSTORAGE = { library: 'unstorage' } as const

export const OWN_UNSTORAGE_DRIVER: LibraryPeer = {
  ...UNSTORAGE,
  name: 'diskcacheDriver of unstorage',
  own: true,
  guarantees: OURS,
  settings: 'on a directory, with default settings',
  shared: true,
  async open({ directory, sizeLimit }) {
    const { diskcacheDriver } = await import('@diskcache/adapters/unstorage')
    const cache = sizeLimit === undefined ? {} : { sizeLimit }
    const storage = await itemsIn(diskcacheDriver(directory, { cache }) as Driver)
    const { set } = storage
    return { ...storage, setExpiring: (key, value, ttl) => set(key, value, { ttl: ttl / 1e3 }) }
  },
}

export const UNSTORAGE_FILES: LibraryPeer = {
  ...UNSTORAGE,
  name: 'fs driver',
  guarantees: {
    expiry: 'none',
    sizeLimit: 'none',
    processes: true,
    kept: true,
    crashSafe: 'half of a value may be left',
    atomic: 'half of a value is read',
    room: 'never freed',
  },
  settings: 'default settings: a file for each item, which is overwritten',
  shared: true,
  async open({ directory }) {
    const { default: fsDriver } = await import('unstorage/drivers/fs')
    return itemsIn(fsDriver({ base: join(directory, 'items') }))
  },
}

async function itemsIn(driver: Driver) {
  const { createStorage } = await import('unstorage')
  const storage = createStorage<string>({ driver })
  return {
    get: async (key: string) => (await storage.getItem(key)) ?? undefined,
    set: (key: string, value: string, options = {}) => storage.setItem(key, value, options),
    close: () => storage.dispose(),
  } satisfies PeerCalls
}
