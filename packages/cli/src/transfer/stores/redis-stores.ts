import { Disk } from '@diskcache/core'
import { RedisStore } from '@diskcache/redis'
import { redisAddress } from '../../reading/targets/redis-address.ts'
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

/** Opens the store on Redis that an address names. */
export async function openRedisStores(address: string, codec: string): Promise<RedisStores> {
  const { url, prefix, name } = redisAddress(address)
  const stored = new RedisStore({ url, prefix, disk: storedDisk(codec) })
  const plain = new RedisStore({ url, prefix, disk: Disk })
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
  return { name, stored, plain, close }
}
