import { join } from 'node:path'
import type { Peer } from './peer.ts'

export const BARE_BETTER_SQLITE3: Peer = {
  name: 'better-sqlite3',
  guarantees: { expiry: 'none', sizeLimit: 'none', processes: true, kept: true, crashSafe: true },
  settings:
    '`kv (key TEXT PRIMARY KEY, value)`, prepared statements, WAL, `synchronous = NORMAL`, `busy_timeout` 60 s; bulk in one transaction',
  shared: true,
  async open({ directory }) {
    const { bareDatabase } = await import('../measuring/bare-database.ts')
    const bare = bareDatabase(join(directory, 'bare.db'))
    return {
      get: bare.select,
      set: bare.upsert,
      incr: bare.increment,
      getMany: bare.selectAll,
      setMany: bare.upsertAll,
      close: bare.close,
    }
  },
}
