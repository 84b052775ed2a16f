import { hash } from 'node:crypto'
import { channel } from 'node:diagnostics_channel'
import { createWriteStream } from 'node:fs'
import { inspect } from 'node:util'

/** What is recorded, and where. */
export interface RecordOptions {
  /** The directory of the cache, or of a `FanoutCache`: `cache.directory`. */
  directory: string
  /** The part of the keys that are recorded, from above 0 to 1. A hundredth is enough for a million keys. */
  rate: number
}

/** A message of the channels `diskcache:get` and `diskcache:set`. */
interface Message {
  readonly store: string
  readonly key: unknown
  readonly reason: 'hit' | 'miss' | 'set' | 'delete'
  readonly bytes?: number
}

/** Records are collected up to so many bytes before they are written. */
const CHUNK = 65_536

/** The numbers that stand for what was done; one that is larger is a write, of so many bytes more. */
const DONE = { miss: 0, hit: 1, delete: 2, set: 3 } as const

/**
 * Records which keys this process asks for in a file, for a simulation, until it is told to stop. Of the keys a part is
 * recorded, chosen by their hash, and each of these every time, so that the distances between two requests for the same
 * key stay right: in a cache that is as much smaller, the sample has the hits that all keys have (Waldspurger and others,
 * "Efficient MRC construction with SHARDS", FAST 2015). Keys are hashed; neither they nor values are in the file.
 */
export function recordKeys(file: string, { directory, rate }: RecordOptions): { stop(): Promise<void> } {
  const output = createWriteStream(file)
  output.write(`${JSON.stringify({ format: 'diskcache-keys 1', rate })}\n`)
  let chunk = Buffer.alloc(CHUNK)
  let length = 0
  const flush = () => {
    output.write(chunk.subarray(0, length))
    chunk = Buffer.alloc(CHUNK)
    length = 0
  }
  const record = (message: unknown) => {
    const { store, key, reason, bytes } = message as Message
    if (!store.startsWith(directory) || (reason === 'set' && bytes === undefined)) return
    const sum = hash('sha1', typeof key === 'string' ? key : inspect(key, { depth: null }), 'buffer')
    if (sum.readUInt32LE(0) >= rate * 2 ** 32) return
    sum.copy(chunk, length, 4, 8)
    length = chunk.writeUInt32LE(Math.min(DONE[reason] + (bytes ?? 0), 2 ** 32 - 1), length + 4)
    if (length === CHUNK) flush()
  }
  const channels = ['diskcache:get', 'diskcache:set'].map((name) => channel(name))
  for (const channel of channels) channel.subscribe(record)
  return {
    stop: () => {
      for (const channel of channels) channel.unsubscribe(record)
      flush()
      return new Promise((resolve, reject) => {
        output.once('error', reject)
        output.end(resolve)
      })
    },
  }
}
