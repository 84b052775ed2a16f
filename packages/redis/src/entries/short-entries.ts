import { SET, SET_MANY } from '../scripts/set.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import type { Argument } from '../server/redis-client.ts'
import { batchesOf } from './batches.ts'
import type { Retired } from './chunks/retired.ts'
import { Gathered } from './gathered.ts'
import { LARGEST_SCRIPT, MOST_KEYS } from './script-limits.ts'
import { ttlArgument } from './write-options.ts'

/** An entry that has its value in itself. */
export interface ShortEntry {
  readonly key: string
  readonly entry: Argument
  /** Whole milliseconds, more than 0; `null`: for ever. */
  readonly ttl: number | null
}

interface ShortParts {
  readonly commands: Commands
  readonly retired: Retired
  /** Where it is noted that some value is in chunks. */
  readonly largeName: string
  /** The channel of all who listen for changes. */
  readonly listenersName: string
}

/** Writes short entries, whatever is there: on one server, those of one turn of the event loop together. */
export class ShortEntries {
  readonly #commands: Commands
  readonly #retired: Retired
  readonly #largeName: string
  readonly #listenersName: string
  readonly #gathered = new Gathered<ShortEntry, unknown>({
    sizeOf: shareOf,
    limit: LARGEST_SCRIPT,
    one: (entry, deadline) => this.#setOne(entry, deadline),
    many: (entries, deadline) => this.#setTogether(entries, deadline),
  })

  constructor({ commands, retired, largeName, listenersName }: ShortParts) {
    this.#commands = commands
    this.#retired = retired
    this.#largeName = largeName
    this.#listenersName = listenersName
  }

  set(entry: ShortEntry, deadline: Deadline): Promise<unknown> {
    return this.#commands.isOneServer ? this.#gathered.run(entry, deadline) : this.#setOne(entry, deadline)
  }

  /** Of several with one key, the last counts, on one server. */
  async setMany(entries: readonly ShortEntry[], deadline: Deadline): Promise<void> {
    for (const batch of batchesOf(entries, shareOf, LARGEST_SCRIPT)) {
      await (this.#commands.isOneServer ? this.#setTogether(batch, deadline) : this.#setEach(batch, deadline))
      deadline.extend()
    }
  }

  async #setOne({ key, entry, ttl }: ShortEntry, deadline: Deadline): Promise<void> {
    const args = ttl === null ? [entry] : [entry, ttlArgument(ttl)]
    const replaced = (await this.#commands.write(SET, [key], args, deadline)) as Buffer | null
    if (replaced !== null) this.#retired.note(key, replaced)
  }

  async #setTogether(entries: readonly ShortEntry[], deadline: Deadline): Promise<readonly unknown[]> {
    const keys = entries.map(({ key }) => key)
    const args = entries.map(({ entry }) => entry)
    if (entries.some(({ ttl }) => ttl !== null)) args.push(...entries.map(({ ttl }) => ttlArgument(ttl)))
    const reply = await this.#commands.write(
      SET_MANY,
      [...keys, this.#largeName, this.#listenersName],
      args,
      deadline,
    )
    const replaced = reply as (number | Buffer)[]
    for (let i = 0; i < replaced.length; i += 2)
      this.#retired.note(keys[Number(replaced[i]) - 1] as string, replaced[i + 1] as Buffer)
    return entries
  }

  /** Fails with the first that fails, when the others are done. */
  async #setEach(entries: readonly ShortEntry[], deadline: Deadline): Promise<void> {
    const settled = await Promise.allSettled(entries.map((entry) => this.#setOne(entry, deadline)))
    for (const result of settled) if (result.status === 'rejected') throw result.reason
  }
}

/** Its share of what one script may be about. */
function shareOf({ entry }: ShortEntry): number {
  return entry.length + LARGEST_SCRIPT / MOST_KEYS
}
