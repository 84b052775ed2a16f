import { join } from 'node:path'
import type { CacheDirectory } from './cache-directory.ts'
import type { Engine } from './connection/engine.ts'
import { type DirectoryFacts, directoryFacts } from './listing/directory-facts.ts'
import { openConnection } from './open-connection.ts'
import { readonlyEngine } from './readonly/readonly-engine.ts'
import { Reserve } from './reserve.ts'
import { codecNames } from './schema/codec-name.ts'
import { FORMAT_VERSION } from './schema/definitions.ts'
import { isLaterVersion } from './schema/schema.ts'
import { illegalSettings, type SettingRow } from './schema/settings.ts'

/** What a database says of itself, beside its entries and its legal settings. */
export interface DatabaseFacts extends DirectoryFacts {
  /** The version of the format that this version of the software writes. */
  readonly ownFormat: number
  /** The names that stand for the codec: one, none where only Python has been there, or two, which is damage. */
  readonly codecs: readonly string[]
  /** The policy of eviction that Python goes by. */
  readonly pythonPolicy: string
  /** The names of settings whose stored values are illegal. */
  readonly illegalSettings: readonly string[]
  /** The indexes that Python made for its evictions: every write keeps them. */
  readonly pythonIndexes: readonly string[]
}

const ROWS = 'SELECT key, value FROM Settings'

const PYTHON_INDEXES =
  "SELECT name FROM sqlite_schema WHERE name IN ('Cache_store_time', 'Cache_access_time')"

/** Reads what the database of a directory that is open says of itself. */
export function databaseFacts({ connection }: CacheDirectory): DatabaseFacts {
  const rows = connection.query<SettingRow>(ROWS).all()
  const indexes = connection.query<{ name: string }>(PYTHON_INDEXES).all()
  const policy = rows.find(({ key }) => key === 'eviction_policy')?.value
  return {
    ...directoryFacts(connection),
    ownFormat: FORMAT_VERSION,
    codecs: codecNames(rows).map(String),
    pythonPolicy: String(policy ?? ''),
    illegalSettings: illegalSettings(rows),
    pythonIndexes: indexes.map(({ name }) => name),
  }
}

/** Returns the version of the format of a database that is refused since a later version has written it, `undefined` for any other. */
export function laterFormat(directory: string, engine: Engine): number | undefined {
  try {
    const file = join(directory, 'cache.db')
    const options = { engine: readonlyEngine(engine), timeout: 0, readonly: true }
    const means = { openTimeout: 0, reserve: new Reserve(directory, `${file}-reserve`) }
    using connection = openConnection(file, options, means)
    const version = connection.numberQuery('PRAGMA user_version').get() ?? 0
    return isLaterVersion(version) ? version : undefined
  } catch {
    return undefined
  }
}

/** Returns the version of the SQLite in an engine. */
export function sqliteVersion({ Database }: Engine): string {
  const database = new Database(':memory:', { timeout: 0, readonly: false, fileMustExist: false })
  try {
    return String(database.prepare('SELECT sqlite_version()').pluck().get())
  } finally {
    database.close()
  }
}
