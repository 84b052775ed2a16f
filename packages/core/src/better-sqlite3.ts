import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { DiskCacheError } from './errors.ts'

/** better-sqlite3 13 is compiled for Node-API 10; on an older Node its first `new Database()` ends the process. */
const OLDEST_NODE = [22, 14] as const

/** The parts of better-sqlite3 that are used. Its own types must not show in our declarations: users do not have them. */
export interface SqliteStatement {
  get(...parameters: unknown[]): unknown
  all(...parameters: unknown[]): unknown[]
  run(...parameters: unknown[]): { changes: number }
  safeIntegers(): this
}

export interface SqliteDatabase {
  readonly open: boolean
  readonly inTransaction: boolean
  prepare(sql: string): SqliteStatement
  exec(sql: string): void
  close(): void
}

export interface SqliteOptions {
  timeout: number
  readonly: boolean
  fileMustExist: boolean
}

export interface Engine {
  readonly Database: new (file: string, options: SqliteOptions) => SqliteDatabase
  /** The real directory that this copy of better-sqlite3 was loaded from. */
  readonly copy: string
}

let loaded: Engine | undefined

/** Loads better-sqlite3 on first use, so that importing this package costs nothing to those who need no database. */
export function loadEngine(): Engine {
  loaded ??= load()
  return loaded
}

function load(): Engine {
  checkNodeVersion(process.versions.node)
  const require = createRequire(import.meta.url)
  try {
    const Database: Engine['Database'] = require('better-sqlite3')
    return { Database, copy: realpathSync(dirname(require.resolve('better-sqlite3/package.json'))) }
  } catch (cause) {
    const message =
      'Cannot load better-sqlite3: reinstall it with "npm install better-sqlite3@13" on this machine'
    throw new DiskCacheError('ERR_DISKCACHE_ENGINE', message, { cause })
  }
}

/** Throws `ERR_DISKCACHE_ENGINE` when this version of Node would crash. */
export function checkNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  const message = `Cannot open a cache: Node ${version} is too old, use Node ${OLDEST_NODE.join('.')} or newer`
  throw new DiskCacheError('ERR_DISKCACHE_ENGINE', message)
}
