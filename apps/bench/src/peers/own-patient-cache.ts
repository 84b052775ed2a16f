import { createRequire } from 'node:module'
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

type DatabaseClass = new (file: string, options: { timeout?: number }) => object

/** Gives every database that is opened from now on SQLite's timeout, so that our waiting never begins. */
function waitBySqlite(): void {
  const require = createRequire(import.meta.url)
  const Database: DatabaseClass = require('better-sqlite3')
  const loaded = require.cache[require.resolve('better-sqlite3')]
  if (loaded === undefined)
    throw new Error('Cannot replace better-sqlite3: it is not among the loaded modules')
  loaded.exports = class extends Database {
    constructor(file: string, options: { timeout?: number }) {
      super(file, { ...options, timeout: 60_000 })
    }
  }
}
