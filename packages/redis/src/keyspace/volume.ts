import type { EntryKeys } from '../bytes/entry-key.ts'
import type { Bulk } from '../entries/bulk.ts'
import type { Operations } from '../entries/order/operations.ts'
import type { Commands } from '../server/commands.ts'
import type { KeyScan } from './key-scan.ts'

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
      const sizes = await this.#operations.within(signal, (deadline) =>
        this.#bulk.each(page, deadline, (name) =>
          this.#commands.send(name, ['MEMORY', 'USAGE', name], deadline),
        ),
      )
      for (const size of sizes) sum += Number(size)
    }
    return sum
  }
}
