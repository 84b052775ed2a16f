import type { Bulk } from './bulk.ts'
import type { Commands } from './commands.ts'
import type { EntryKeys } from './entry-key.ts'
import type { KeyScan } from './key-scan.ts'
import type { Operations } from './operations.ts'

/** How much memory the entries take, as Redis estimates it. */
export class Volume {
  readonly #keys: EntryKeys
  readonly #scan: KeyScan
  readonly #bulk: Bulk
  readonly #commands: Commands
  readonly #operations: Operations

  constructor(keys: EntryKeys, scan: KeyScan, bulk: Bulk, commands: Commands, operations: Operations) {
    this.#keys = keys
    this.#scan = scan
    this.#bulk = bulk
    this.#commands = commands
    this.#operations = operations
  }

  /** Bytes. */
  async measure(signal: AbortSignal | undefined): Promise<number> {
    let sum = 0
    for await (const page of this.#scan.distinctPages(this.#keys.anyPattern(), signal)) {
      using deadline = this.#operations.step(signal)
      const sizes = await this.#bulk.each(page, deadline, (name) =>
        this.#commands.send(name, ['MEMORY', 'USAGE', name], deadline),
      )
      for (const size of sizes) sum += Number(size)
    }
    return sum
  }
}
