import { createRequire } from 'node:module'

/** As SQLite's own handler is told; longer than any other process has the lock. */
const PATIENCE = 60_000

type DatabaseClass = new (file: string, options: { timeout?: number }) => object

/**
 * Makes caches of this process wait for locks by SQLite's own busy handler: every database that is opened from now on
 * gets its timeout, so that SQLite never says that it is busy, and our waiting never begins. All else stays the same.
 */
export function waitBySqlite(): void {
  const require = createRequire(import.meta.url)
  const Database: DatabaseClass = require('better-sqlite3')
  const loaded = require.cache[require.resolve('better-sqlite3')]
  if (loaded === undefined)
    throw new Error('Cannot replace better-sqlite3: it is not among the loaded modules')
  loaded.exports = class extends Database {
    constructor(file: string, options: { timeout?: number }) {
      super(file, { ...options, timeout: PATIENCE })
    }
  }
}
