import { type ChunkReference, decodeReference, REFERENCE_LENGTH } from '../../bytes/entry-bytes.ts'
import { chunksKey } from '../../bytes/entry-key.ts'
import { DROP_CHUNKS } from '../../scripts/drop-chunks.ts'
import { READING_TIME } from '../../scripts/script-parts.ts'
import type { Background } from '../../server/background.ts'
import type { Commands } from '../../server/commands.ts'

/** Bytes of replaced values that may stay on the server for those who are reading them, for each process that writes. */
const LIMIT = 16 * 1024 * 1024

interface RetiredValue {
  readonly name: string
  readonly size: number
  /** When the server removes it by itself, by this process's monotonic clock. */
  readonly end: number
}

/**
 * Chunks that this process's writes have replaced or removed. The server lets them live for {@link READING_TIME}; when
 * there are too many bytes of them, the oldest go before, unless somebody says that he is still reading them.
 */
export class Retired {
  readonly #commands: Commands
  readonly #background: Background
  readonly #values: RetiredValue[] = []
  #size = 0

  constructor(commands: Commands, background: Background) {
    this.#commands = commands
    this.#background = background
  }

  /** Notes what a script replied about an entry that it replaced or removed: where its chunks are, or nothing. */
  note(key: string, reply: Buffer | number): void {
    if (typeof reply === 'number' || reply.length !== REFERENCE_LENGTH) return
    this.#add(key, decodeReference(reply))
    this.#forgetEnded()
    while (this.#size > LIMIT) this.#drop(this.#take())
  }

  /** Removes chunks that nobody can be reading; nobody waits for it. */
  discard(key: string, { id }: Pick<ChunkReference, 'id'>): void {
    const name = chunksKey(key, id)
    this.#background.start((deadline) => this.#commands.send(name, ['UNLINK', name], deadline))
  }

  #add(key: string, { id, size }: ChunkReference): void {
    this.#values.push({ name: chunksKey(key, id), size, end: performance.now() + READING_TIME })
    this.#size += size
  }

  #forgetEnded(): void {
    while (this.#values[0] !== undefined && this.#values[0].end < performance.now()) this.#take()
  }

  #take(): RetiredValue {
    const oldest = this.#values.shift() as RetiredValue
    this.#size -= oldest.size
    return oldest
  }

  #drop({ name }: RetiredValue): void {
    this.#background.start((deadline) => this.#commands.run(DROP_CHUNKS, [name], [], deadline))
  }
}
