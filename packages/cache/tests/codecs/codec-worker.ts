import { Cache, Disk, type DiskCacheError, EncryptedDisk } from '@diskcache/cache'
import { role } from '../processes/role.ts'

export interface CodecJob {
  readonly directory: string
  /** Whether this process compresses. */
  readonly compression: boolean
  /** The secrets of this process, each 32 times the same byte, where it encrypts. */
  readonly keys?: readonly number[]
  /** The keys of entries to set, and those to read. */
  readonly set: readonly string[]
  readonly get: readonly string[]
}

/** What was read: lengths of the values, or codes of errors. */
export type CodecReport = readonly unknown[]

/** The value that every process sets. */
export const LINES = 'a line of text\n'.repeat(1_000)

function disk({ compression, keys }: CodecJob): Disk {
  if (keys === undefined) return new Disk({ compression })
  return new EncryptedDisk({ compression, keys: keys.map((byte) => Buffer.alloc(32, byte)) })
}

function read(cache: Cache, key: string): unknown {
  try {
    return cache.get(key) === LINES
  } catch (error) {
    return (error as DiskCacheError).code
  }
}

role<CodecJob, CodecReport>((job) => {
  using cache = new Cache(job.directory, { disk: disk(job) })
  for (const key of job.set) cache.set(key, LINES)
  return job.get.map((key) => read(cache, key))
})
