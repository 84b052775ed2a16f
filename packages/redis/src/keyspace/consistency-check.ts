import { DiskCacheError, type Problem } from '@diskcache/core'
import { decodeEntry, isReference, type StoredEntry } from '../bytes/entry-bytes.ts'
import type { EntryKeys } from '../bytes/entry-key.ts'
import type { Chunks } from '../entries/chunks/chunks.ts'
import type { Orphans } from '../entries/chunks/orphans.ts'
import type { EntryWriter } from '../entries/entry-writer.ts'
import type { Operations } from '../entries/order/operations.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import { replyCode } from '../server/engine-error.ts'
import type { KeyScan } from './key-scan.ts'

type Signal = AbortSignal | undefined

export interface CheckParts {
  readonly commands: Commands
  readonly chunks: Chunks
  readonly writer: EntryWriter
  readonly orphans: Orphans
  readonly scan: KeyScan
  readonly keys: EntryKeys
  readonly operations: Operations
}

/**
 * Looks for entries whose chunks are gone, which Redis may evict without their entry, for chunks that no entry
 * refers to, and for what stands in the place of an entry and is none.
 */
export class ConsistencyCheck {
  readonly #commands: Commands
  readonly #chunks: Chunks
  readonly #writer: EntryWriter
  readonly #orphans: Orphans
  readonly #scan: KeyScan
  readonly #keys: EntryKeys
  readonly #operations: Operations

  constructor({ commands, chunks, writer, orphans, scan, keys, operations }: CheckParts) {
    this.#commands = commands
    this.#chunks = chunks
    this.#writer = writer
    this.#orphans = orphans
    this.#scan = scan
    this.#keys = keys
    this.#operations = operations
  }

  async run(isFixing: boolean, signal: Signal): Promise<Problem[]> {
    const entries = await this.#problems(this.#keys.entryPattern(), signal, (name) =>
      this.#operations.within(signal, (deadline) => this.#entry(name, isFixing, deadline)),
    )
    const chunks = await this.#problems(this.#keys.chunkPattern(), signal, (name) =>
      this.#operations.within(signal, (deadline) => this.#orphan(name, isFixing, deadline)),
    )
    return [...entries, ...chunks]
  }

  async #problems(
    pattern: string,
    signal: Signal,
    look: (name: string) => Promise<Problem | undefined>,
  ): Promise<Problem[]> {
    const problems: Problem[] = []
    for await (const names of this.#scan.distinctPages(pattern, signal)) {
      const found = await Promise.all(
        names.map((name) => look(name).catch((error) => strangeEntry(name, error))),
      )
      problems.push(...found.filter((problem) => problem !== undefined))
    }
    return problems
  }

  async #entry(name: string, isFixing: boolean, deadline: Deadline): Promise<Problem | undefined> {
    const entry = await this.#read(name, deadline)
    if (entry === undefined || !isReference(entry.data)) return undefined
    if (await this.#chunks.areThere(name, entry.data, deadline)) return undefined
    if (isFixing) await this.#writer.remove(name, deadline, entry.version)
    return { kind: 'missing-file', message: `The chunks of ${name} are gone` }
  }

  async #orphan(name: string, isFixing: boolean, deadline: Deadline): Promise<Problem | undefined> {
    if (!(await this.#orphans.includes(name, deadline))) return undefined
    if (isFixing) this.#orphans.retire(name)
    return { kind: 'orphan-file', message: `No entry refers to the chunks ${name}` }
  }

  async #read(name: string, deadline: Deadline): Promise<StoredEntry | undefined> {
    const entry = (await this.#commands.send(name, ['GET', name], deadline)) as Buffer | null
    return entry === null ? undefined : decodeEntry(entry)
  }
}

/** What stands there may be a newer version's, so it is not removed. Throws every other error. */
function strangeEntry(name: string, error: unknown): Problem {
  if (!(error instanceof DiskCacheError)) throw error
  const isStrange =
    error.code === 'ERR_DISKCACHE_FORMAT' ||
    error.code === 'ERR_DISKCACHE_CORRUPT' ||
    replyCode(error.cause) === 'WRONGTYPE'
  if (!isStrange) throw error
  return { kind: 'wrong-checksum', message: `What stands at ${name} is not what this package wrote` }
}
