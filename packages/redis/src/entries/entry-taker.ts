import { decodeEntry } from '../bytes/entry-bytes.ts'
import { LOOK, type LookReply } from '../scripts/look.ts'
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

  /** The value is decoded before exactly that entry is removed, so that nothing is lost when reading fails. */
  async take(key: string, deadline: Deadline): Promise<LoadedEntry | undefined> {
    for (;;) {
      const reply = (await this.#commands.run(LOOK, [key], [], deadline)) as LookReply
      const [entry] = reply
      if (entry === null) return undefined
      const loaded = await this.#reader.load(key, reply, deadline)
      if (await this.#writer.remove(key, deadline, decodeEntry(entry).version)) return loaded
    }
  }
}
