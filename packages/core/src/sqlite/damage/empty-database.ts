import { Connection } from '../connection/connection.ts'
import type { Engine } from '../connection/engine.ts'
import { writeEvictionSchema, writeSchema, writeTagIndex } from '../schema/schema.ts'
import { type SettingRow, settingsFromRows } from '../schema/settings.ts'

/** What an empty database is made with. */
export interface EmptyDatabaseOptions {
  /** The copy of better-sqlite3 to use. */
  readonly engine: Engine
  /** The size of a page, in bytes. */
  readonly pageSize: number
  /** The rows of the table Settings, but for the counters. */
  readonly rows: readonly SettingRow[]
  /** The name of the codec. */
  readonly codec: string
}

/** Makes the database of a cache without entries, in memory, to be written over one that is damaged. */
export function emptyDatabase({ engine, pageSize, rows, codec }: EmptyDatabaseOptions): Connection {
  const connection = new Connection(':memory:', { engine, timeout: 0, readonly: false })
  connection.execute(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = 1`)
  connection.transact(() => {
    writeSchema(connection, codec)
    const set = connection.query('INSERT OR REPLACE INTO Settings (key, value) VALUES (?, ?)')
    for (const { key, value } of rows) set.run(key, value)
    const { evictionPolicy, tagIndex } = settingsFromRows(rows)
    writeEvictionSchema(connection, evictionPolicy)
    writeTagIndex(connection, tagIndex)
  })
  return connection
}
