import { join } from 'node:path'
import type { Peer } from './peer.ts'

export const LMDB: Peer = {
  name: 'lmdb-js',
  guarantees: { expiry: 'none', sizeLimit: 'none', processes: true, kept: true, crashSafe: true },
  settings:
    'default settings: a `put` resolves when its transaction is committed; puts of one moment share one',
  shared: true,
  async open({ directory }) {
    const { open } = await import('lmdb')
    const database = open<string, string>({ path: join(directory, 'lmdb') })
    return {
      get: (key) => database.get(key),
      set: (key, value) => database.put(key, value),
      getMany: (keys) => database.getMany([...keys]),
      setMany: (entries) => Promise.all(entries.map(([key, value]) => database.put(key, value))),
      close: () => database.close(),
    }
  },
}
