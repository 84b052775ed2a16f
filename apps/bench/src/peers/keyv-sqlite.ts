import { join } from 'node:path'
import type { Keyv } from 'keyv-5'
import { keyvStore } from './keyv-store.ts'
import type { Peer } from './peer.ts'

export const KEYV_SQLITE: Peer = {
  name: '@keyv/sqlite 6 beta',
  guarantees: { expiry: true, sizeLimit: 'none', processes: true, kept: true, crashSafe: true },
  settings:
    'Keyv 6 on `node:sqlite`, with `wal: true` and `busyTimeout` 60 s; it syncs every commit to the disk',
  shared: true,
  async open({ directory }) {
    const { Keyv: Keyv6 } = await import('keyv')
    const { KeyvSqlite } = await import('@keyv/sqlite')
    const uri = `sqlite://${join(directory, 'keyv.db')}`
    const store = new KeyvSqlite({ uri, wal: true, busyTimeout: 60_000 })
    return keyvStore(new Keyv6(store) as unknown as Keyv)
  },
}
