import { referenceIn } from '../../bytes/entry-bytes.ts'
import { entryOfChunks } from '../../bytes/entry-key.ts'
import { READING_TIME } from '../../scripts/script-parts.ts'
import type { Background } from '../../server/background.ts'
import type { Commands, SendWords } from '../../server/commands.ts'
import type { Deadline } from '../../server/deadline.ts'

/** How many names a server looks at in one step. */
const STEP = '20'

interface OrphanParts {
  readonly commands: Commands
  readonly background: Background
  /** For SCAN: the names of chunks. */
  readonly pattern: string
}

/**
 * Chunks that no entry refers to, and that would stay for ever: whoever replaced or removed their entry died, or lost its
 * connection, before it could retire them. Every write of a large value looks at a few names; over time, that is all.
 */
export class Orphans {
  readonly #commands: Commands
  readonly #background: Background
  readonly #pattern: string
  #isSweeping = false
  /** Where the next step goes on: at which server, and at which cursor. */
  #position = 0
  #cursor = '0'

  constructor({ commands, background, pattern }: OrphanParts) {
    this.#commands = commands
    this.#background = background
    this.#pattern = pattern
  }

  /**
   * Whether nothing will ever remove these chunks. Those with a time to live are being written, read, or their entry has
   * one; those without are kept for an entry that was there already.
   */
  async includes(name: string, deadline: Deadline): Promise<boolean> {
    if ((await this.#commands.send(name, ['PTTL', name], deadline)) !== -1) return false
    const { key, id } = entryOfChunks(name)
    const entry = (await this.#commands.send(key, ['GET', key], deadline)) as Buffer | null
    return referenceIn(entry)?.id.equals(id) !== true
  }

  /** Lets chunks live only as long as somebody may be reading them. */
  retire(name: string): void {
    const args = ['PEXPIRE', name, String(READING_TIME)]
    this.#background.start((deadline) => this.#commands.send(name, args, deadline))
  }

  /** Looks at the next few names; nobody waits for it. */
  sweep(): void {
    if (this.#isSweeping) return
    this.#isSweeping = true
    this.#background.start(async (deadline) => {
      try {
        await this.#step(deadline)
      } finally {
        this.#isSweeping = false
      }
    })
  }

  async #step(deadline: Deadline): Promise<void> {
    const servers = await this.#commands.servers(deadline)
    const send = servers[this.#position % servers.length] as SendWords
    const scan = ['SCAN', this.#cursor, 'MATCH', this.#pattern, 'COUNT', STEP]
    const reply = await send(scan, deadline)
    const [cursor, names] = reply as [Buffer, Buffer[]]
    this.#cursor = String(cursor)
    if (this.#cursor === '0') this.#position++
    await Promise.all(names.map((name) => this.#retireOrphan(String(name), deadline)))
  }

  async #retireOrphan(name: string, deadline: Deadline): Promise<void> {
    if (await this.includes(name, deadline)) this.retire(name)
  }
}
