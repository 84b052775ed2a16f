import type { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { Cache, type CacheOptions, DiskCacheError, JSONDisk } from '@diskcache/cache'

/** A member of `Cache` and its arguments; `open` is the constructor. */
export type Operation = readonly [member: string, ...args: unknown[]]

export interface Outcome {
  readonly operation: Operation
  readonly ms: number
  /** A primitive as it is, and anything else as `inspect` shows it. */
  readonly result?: unknown
  readonly error?: { readonly name: string; readonly code: string | undefined; readonly message: string }
}

export interface Exercise {
  readonly directory: string
  readonly options?: CacheOptions
  readonly json?: boolean
  readonly operations: readonly Operation[]
}

/** Every operation, those that only read first. */
export const EVERYTHING: readonly Operation[] = [
  ['settings'],
  ['size'],
  ['volume'],
  ['stats'],
  ['keys'],
  ['keys', { order: 'sorted', reverse: true }],
  ['entries', { foreign: 'skip' }],
  ['has', 'key'],
  ['get', 'key'],
  ['getEntry', 'key'],
  ['getMany', ['key', 'text', 'object', 'file', ['array', 1]]],
  ['read', 'key'],
  ['read', 'file'],
  ['peek'],
  ['peekItem'],
  ['check'],
  ['touch', 'key', { ttl: 60_000 }],
  ['incr', 'counter'],
  ['add', 'added', 'value'],
  ['set', 'key', 'x'.repeat(50_000)],
  ['set', 'key', 'value'],
  ['push', { pushed: true }],
  ['pull'],
  ['pop', 'file'],
  ['delete', 'object'],
  ['evict', 'tag'],
  ['expire'],
  ['cull'],
  ['check', { fix: true }],
  ['check'],
  ['clear'],
]

/** Opens the directory, does these operations, each announced, and tells how they ended. */
export async function exercise(
  { directory, options, json, operations }: Exercise,
  announce: (operation: Operation) => void,
): Promise<Outcome[]> {
  let cache: Cache | undefined
  const outcomes: Outcome[] = []
  const perform = async (operation: Operation, body: () => unknown) => {
    announce(operation)
    outcomes.push(await outcomeOf(operation, body))
  }
  await perform(['open'], () => {
    cache = new Cache(directory, { ...options, ...(json && { disk: JSONDisk }) })
  })
  if (cache === undefined) return outcomes
  for (const operation of operations) await perform(operation, () => apply(cache as Cache, operation))
  await perform(['close'], () => cache?.close())
  return outcomes
}

async function outcomeOf(operation: Operation, body: () => unknown): Promise<Outcome> {
  const start = performance.now()
  try {
    const result = await body()
    return { operation, ms: performance.now() - start, result: summary(result) }
  } catch (error) {
    const { name, message } = error as Error
    // A DiskCacheError is told by its code alone, so only that class may have such a code.
    const code = error instanceof DiskCacheError ? error.code : undefined
    return { operation, ms: performance.now() - start, error: { name, code, message } }
  }
}

/** A hostile value may be larger than what another process can take. */
function summary(result: unknown): unknown {
  if (Buffer.isBuffer(result)) return result.toString('latin1', 0, 1_000)
  if (typeof result === 'string') return result.slice(0, 1_000)
  return typeof result === 'object' ? inspect(result, { depth: 4, maxStringLength: 1_000 }) : result
}

function apply(cache: Cache, [member, ...args]: Operation): unknown {
  const property = cache[member as keyof Cache] as unknown
  if (typeof property !== 'function') return property
  const result = property.apply(cache, args)
  if (member === 'read') return result && collect(result)
  return member === 'keys' || member === 'entries' ? [...result] : result
}

async function collect(stream: Readable): Promise<Buffer> {
  return Buffer.concat(await stream.toArray())
}
