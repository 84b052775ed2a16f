import { join } from 'node:path'
import type { Keyv } from 'keyv-5'
import { cacheableStore } from './cacheable-store.ts'
import type { Peer } from './peer.ts'

export const CACHEABLE_SQLITE: Peer = {
  name: 'cacheable + @keyv/sqlite 6',
  guarantees: {
    expiry: true,
    sizeLimit: 'none on the disk',
    processes: 'memory keeps what others have replaced',
    kept: true,
    crashSafe: true,
  },
  settings:
    'memory first, Keyv 6 on `@keyv/sqlite` with `wal: true` as the secondary; a read of what is in memory does not go to the disk',
  shared: false,
  async open({ directory }) {
    const { Cacheable } = await import('cacheable')
    const { Keyv: Keyv6 } = await import('keyv')
    const { KeyvSqlite } = await import('@keyv/sqlite-6')
    const uri = `sqlite://${join(directory, 'cacheable.db')}`
    const secondary = new Keyv6(new KeyvSqlite({ uri, wal: true, busyTimeout: 60_000 })) as unknown as Keyv
    return cacheableStore(new Cacheable({ secondary }))
  },
}
