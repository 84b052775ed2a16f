import type { Stats } from '@diskcache/core'
import type { Background } from '../server/background.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'

/** How long counts stay in this process, in milliseconds. */
const INTERVAL = 1_000

/**
 * Hits and misses of all processes, in a hash of Redis. Each collects its own, and adds them once a second, so that a
 * read costs nothing more. Whether a process counts is its own affair.
 */
export class Statistics {
  readonly #commands: Commands
  readonly #background: Background
  readonly #name: string
  #isEnabled = false
  #hits = 0
  #misses = 0
  #timer: NodeJS.Timeout | undefined

  constructor(commands: Commands, background: Background, name: string) {
    this.#commands = commands
    this.#background = background
    this.#name = name
  }

  get isEnabled(): boolean {
    return this.#isEnabled
  }

  enable(isEnabled: boolean): void {
    this.#isEnabled = isEnabled
  }

  note(isHit: boolean): void {
    if (!this.#isEnabled) return
    if (isHit) this.#hits++
    else this.#misses++
    this.#timer ??= setTimeout(
      () => this.#background.start((deadline) => this.flush(deadline)),
      INTERVAL,
    ).unref()
  }

  async read(deadline: Deadline): Promise<Stats> {
    await this.flush(deadline)
    const reply = await this.#commands.send(this.#name, ['HMGET', this.#name, 'hits', 'misses'], deadline)
    const [hits, misses] = reply as (Buffer | null)[]
    return { hits: Number(hits ?? 0), misses: Number(misses ?? 0), dropped: 0 }
  }

  async reset(deadline: Deadline): Promise<void> {
    this.#take()
    await this.#commands.send(this.#name, ['DEL', this.#name], deadline)
  }

  /** Adds what was collected. What fails is lost: an answer that did not come may have been one of success. */
  async flush(deadline: Deadline): Promise<void> {
    const counts = Object.entries(this.#take()).filter(([, count]) => count > 0)
    const add = ([field, count]: [string, number]) =>
      this.#commands.send(this.#name, ['HINCRBY', this.#name, field, String(count)], deadline)
    await Promise.all(counts.map(add))
  }

  #take(): { hits: number; misses: number } {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const taken = { hits: this.#hits, misses: this.#misses }
    this.#hits = 0
    this.#misses = 0
    return taken
  }
}
