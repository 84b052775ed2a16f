import { realpathSync } from 'node:fs'
import nodeModule from 'node:module'
import { dirname } from 'node:path'
import { DiskCacheError } from '@diskcache/core'
import type { Engine } from '@diskcache/core/sqlite'
import Database from 'better-sqlite3'

/**
 * The oldest version of Node that works. better-sqlite3 13 is compiled for Node-API 10; on an older Node its first
 * `new Database()` ends the process.
 */
const OLDEST_NODE = [22, 14] as const

const FILE = ownFile()

let loaded: Engine | undefined

/**
 * Returns better-sqlite3, for `@diskcache/core/sqlite`. It is imported statically, so that every bundler sees it; its
 * native part is loaded with the first database.
 *
 * @throws DiskCacheError ERR_DISKCACHE_ENGINE when it cannot be loaded here, or would crash this version of Node
 */
export function sqliteEngine(): Engine {
  loaded ??= load()
  return loaded
}

function load(): Engine {
  checkNodeVersion(process.versions.node)
  try {
    new Database(':memory:').close()
  } catch (cause) {
    const message =
      'Cannot load better-sqlite3: reinstall it with "npm install better-sqlite3@13" on this machine'
    throw new DiskCacheError('ERR_DISKCACHE_ENGINE', message, { cause })
  }
  const directory = packageOf(FILE)
  return {
    Database: Database as unknown as Engine['Database'],
    copy: directory ?? FILE,
    module: isLoadedFrom(directory) ? directory : undefined,
  }
}

/** Throws `ERR_DISKCACHE_ENGINE` when better-sqlite3 would crash this version of Node. */
export function checkNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return
  const message = `Cannot open a cache: Node ${version} is too old, use Node ${OLDEST_NODE.join('.')} or newer`
  throw new DiskCacheError('ERR_DISKCACHE_ENGINE', message)
}

/**
 * Returns the real directory of the better-sqlite3 that `file` imports, `undefined` where that is bundled.
 * `createRequire` is no named import, as webpack would follow that and resolve the name while it bundles.
 */
function packageOf(file: string): string | undefined {
  try {
    return realpathSync(dirname(nodeModule.createRequire(file).resolve('better-sqlite3/package.json')))
  } catch {
    return undefined
  }
}

/** Returns whether the package in a directory is the one in use, and not another beside a bundle that has its own. */
function isLoadedFrom(directory: string | undefined): boolean {
  try {
    return directory !== undefined && nodeModule.createRequire(FILE)(directory) === Database
  } catch {
    return false
  }
}

/**
 * This module's own file. A CommonJS bundle has no `import.meta.url`, and a module no `__filename`; webpack holds
 * `typeof __filename` for a string in both.
 */
function ownFile(): string {
  try {
    return __filename
  } catch {
    return import.meta.url
  }
}
