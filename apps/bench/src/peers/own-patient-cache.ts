import Database from 'better-sqlite3'
import { OWN_CACHE } from './own-stores.ts'
import type { Peer } from './peer.ts'

/** The same cache, which waits for locks by SQLite's own busy handler: what our waiting is compared with. */
export const OWN_PATIENT_CACHE: Peer = {
  ...OWN_CACHE,
  name: 'SQLite’s busy handler',
  async open(place) {
    waitBySqlite()
    return OWN_CACHE.open(place)
  },
}

/** Gives every database of this process SQLite's timeout before its first statement, so that our waiting never begins. */
function waitBySqlite(): void {
  const seen = new WeakSet<Database.Database>()
  const { prepare } = Database.prototype
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    if (!seen.has(this)) this.pragma('busy_timeout = 60000')
    seen.add(this)
    return prepare.call(this, sql)
  } as typeof prepare
}
