import { Disk } from '@diskcache/core'
import { RedisStore } from '@diskcache/redis'
import { storedDisk } from './stored-disk.ts'

/** A store on Redis, opened twice: each codec sees the same entries. */
export interface RedisStores {
  /** Its address without a password, by which it is known again. */
  readonly name: string
  /** By a `storedDisk`. */
  readonly stored: RedisStore
  /** By the codec itself. */
  readonly plain: RedisStore
  close(): Promise<void>
}

/** Opens the store on Redis that an address names; `?prefix=`, or `#`, is the option `prefix` of `RedisStore`. */
export async function openRedisStores(address: string, codec: string): Promise<RedisStores> {
  const url = new URL(address)
  const prefix =
    url.searchParams.get('prefix') ?? (url.hash === '' ? undefined : decodeURIComponent(url.hash.slice(1)))
  url.searchParams.delete('prefix')
  url.hash = ''
  const stored = new RedisStore({ url: url.href, prefix, disk: storedDisk(codec) })
  const plain = new RedisStore({ url: url.href, prefix, disk: Disk })
  const close = async () => {
    await Promise.all([stored.close(), plain.close()])
  }
  try {
    // An address that nobody answers at is told of now.
    await stored.has('')
  } catch (error) {
    await close()
    throw error
  }
  return { name: nameOf(url, prefix), stored, plain, close }
}

function nameOf(url: URL, prefix: string | undefined): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  if (prefix !== undefined) shown.searchParams.set('prefix', prefix)
  return shown.href
}
