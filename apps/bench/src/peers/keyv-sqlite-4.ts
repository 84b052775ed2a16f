import { join } from 'node:path'
import { keyvStore } from './keyv-store.ts'
import type { Peer } from './peer.ts'

/** Its driver is compiled when it is installed, which is not everywhere allowed. */
export const KEYV_SQLITE_4: Peer = {
  name: '@keyv/sqlite 4',
  guarantees: { expiry: true, sizeLimit: 'none', processes: true, kept: true, crashSafe: true },
  settings: 'Keyv 5 on `sqlite3`, with `busyTimeout` 60 s; it syncs every commit to the disk',
  shared: true,
  async open({ directory }) {
    const { Keyv } = await import('keyv-5')
    const { KeyvSqlite } = await import('@keyv/sqlite')
    const uri = `sqlite://${join(directory, 'keyv.db')}`
    return keyvStore(new Keyv(new KeyvSqlite({ uri, busyTimeout: 60_000 })))
  },
}
