import { randomBytes } from 'node:crypto'
import { ColumnForm } from '@diskcache/core'
import type { ChunkReference } from '../../bytes/entry-bytes.ts'
import { chunksKey } from '../../bytes/entry-key.ts'
import type { Commands } from '../../server/commands.ts'
import type { Deadline, DeadlineWatch } from '../../server/deadline.ts'
import type { Retired } from './retired.ts'

/** How long chunks live that belong to no entry: because they are still being written, or the writer died. */
const ORPHAN_TIME = 300_000

/** How often that is put off while a writer waits for its source. */
const HEARTBEAT = 60_000

/** How many chunks are under way at a time. */
const UNDER_WAY = 8

/** One value's chunks, on their way. */
export class ChunkUpload {
  readonly #commands: Commands
  readonly #retired: Retired
  readonly #watch: DeadlineWatch
  readonly #key: string
  readonly #id = randomBytes(8)
  readonly #name: string
  readonly #heartbeat: NodeJS.Timeout
  #underWay: Promise<unknown>[] = []
  #count = 0
  #size = 0

  constructor(commands: Commands, retired: Retired, watch: DeadlineWatch, key: string) {
    this.#commands = commands
    this.#retired = retired
    this.#watch = watch
    this.#key = key
    this.#name = chunksKey(key, this.#id)
    this.#heartbeat = setInterval(() => this.#postpone(), HEARTBEAT).unref()
  }

  /** Bytes that were added. */
  get size(): number {
    return this.#size
  }

  /** At most `CHUNK_SIZE` bytes. Resolves when there is room for another; rejects when an earlier one has failed. */
  async add(bytes: Buffer, deadline: Deadline): Promise<void> {
    if (this.#underWay.length === UNDER_WAY) {
      await this.#underWay.shift()
      deadline.extend()
    }
    this.#start(['HSET', this.#name, String(this.#count), bytes], deadline)
    if (this.#count++ === 0) this.#start(['PEXPIRE', this.#name, String(ORPHAN_TIME)], deadline)
    this.#size += bytes.length
  }

  /** Resolves when the server has all that was added. */
  async settled(): Promise<void> {
    const underWay = this.#underWay
    this.#underWay = []
    await Promise.all(underWay)
  }

  finish(form: ColumnForm): ChunkReference {
    clearInterval(this.#heartbeat)
    return { id: this.#id, count: this.#count, size: this.#size, form }
  }

  /** Removes what was written. */
  drop(): undefined {
    if (this.#count > 0) this.#retired.discard(this.#key, this.finish(ColumnForm.bytes))
    else clearInterval(this.#heartbeat)
  }

  /** It has the time of its own step, however long the source takes afterwards. */
  #start(args: (string | Buffer)[], { caller }: Deadline): void {
    const done = this.#watch.run((deadline) => this.#commands.send(this.#name, args, deadline), caller)
    done.catch(() => {})
    this.#underWay.push(done)
  }

  /** Puts off the end of chunks that are being written. Failure shows when the entry is made. */
  async #postpone(): Promise<void> {
    const words = ['PEXPIRE', this.#name, String(ORPHAN_TIME)]
    const postpone = (deadline: Deadline) => this.#commands.send(this.#name, words, deadline)
    await this.#watch.run(postpone).catch(() => {})
  }
}
