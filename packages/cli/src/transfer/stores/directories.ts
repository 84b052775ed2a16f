import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Cache, type CacheOptions } from '@diskcache/cache'
import { Disk } from '@diskcache/core'
import { FanoutCache } from '@diskcache/fanout'
import { storedDisk } from './stored-disk.ts'

/** Returns whether a directory holds one cache, or many as one, without opening it; `undefined` for neither. */
export function directoryKind(path: string): 'cache' | 'fanout' | undefined {
  if (existsSync(join(path, 'cache.db-shards')) || existsSync(join(path, '000', 'cache.db'))) return 'fanout'
  return existsSync(join(path, 'cache.db')) ? 'cache' : undefined
}

/** Returns whether there is nothing at a path, or an empty directory. */
export function isVacant(path: string): boolean {
  return !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0)
}

/** Returns the path by which a directory is known, also before it is made. */
export function directoryName(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path)
}

/** Opens a directory by a `storedDisk` of the codec that it has, or, when it is new, of `codec`. */
export function openStored(
  path: string,
  kind: 'cache' | 'fanout',
  options: Omit<CacheOptions, 'disk'> & { readonly shards?: number | undefined },
  codec: string = Disk.codec,
): { readonly opened: Cache | FanoutCache; readonly codec: string } {
  try {
    const disk = storedDisk(codec)
    const { shards, ...rest } = options
    const opened =
      kind === 'cache' ? new Cache(path, { ...rest, disk }) : new FanoutCache(path, { ...options, disk })
    return { opened, codec }
  } catch (error) {
    const { codec: other } = error as { codec?: string }
    if (other === undefined || other === codec) throw error
    return openStored(path, kind, options, other)
  }
}
