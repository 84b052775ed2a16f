import { decodeEntry, isReference } from '../bytes/entry-bytes.ts'
import type { LookReply } from '../scripts/look.ts'
import { TAKE } from '../scripts/take.ts'
import type { Commands } from '../server/commands.ts'
import type { Deadline } from '../server/deadline.ts'
import type { EntryReader, LoadedEntry } from './entry-reader.ts'
import type { EntryWriter } from './entry-writer.ts'

/** Removes entries and gives them. */
export class EntryTaker {
  readonly #commands: Commands
  readonly #reader: EntryReader
  readonly #writer: EntryWriter

  constructor(commands: Commands, reader: EntryReader, writer: EntryWriter) {
    this.#commands = commands
    this.#reader = reader
    this.#writer = writer
  }

  /** A value in chunks is read before it is removed, so that nothing is lost when reading fails. */
  async take(key: string, deadline: Deadline): Promise<LoadedEntry | undefined> {
    for (;;) {
      const reply = (await this.#commands.write(TAKE, [key], [], deadline)) as LookReply
      const [entry] = reply
      if (entry === null) return undefined
      const loaded = await this.#reader.load(key, reply, deadline)
      const { data, version } = decodeEntry(entry)
      if (!isReference(data) || (await this.#writer.remove(key, deadline, version))) return loaded
    }
  }
}
