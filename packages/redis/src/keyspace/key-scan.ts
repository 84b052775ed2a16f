import type { Operations } from '../entries/order/operations.ts'
import type { Commands } from '../server/commands.ts'

/** How many names the server looks at in one go; between them, it serves others. */
const STEP = '1000'

/**
 * Walks over the names that match a pattern, on one server after the other. It costs the servers a look at every name
 * that they have, those of others included. What is there throughout is found, at least once.
 */
export class KeyScan {
  readonly #commands: Commands
  readonly #operations: Operations

  constructor(commands: Commands, operations: Operations) {
    this.#commands = commands
    this.#operations = operations
  }

  /** Pages of names, some of them twice when Redis grows or shrinks its table meanwhile. */
  async *pages(pattern: string, signal: AbortSignal | undefined): AsyncGenerator<string[], void> {
    const servers = await this.#operations.within(signal, (deadline) => this.#commands.servers(deadline))
    for (const send of servers) {
      let cursor = '0'
      do {
        signal?.throwIfAborted()
        const scan = ['SCAN', cursor, 'MATCH', pattern, 'COUNT', STEP]
        const reply = await this.#operations.within(signal, (deadline) => send(scan, deadline))
        const [next, names] = reply as [Buffer, Buffer[]]
        cursor = String(next)
        if (names.length > 0) yield names.map(String)
      } while (cursor !== '0')
    }
  }

  /** Pages without repetition, at the price of remembering every name. */
  async *distinctPages(pattern: string, signal: AbortSignal | undefined): AsyncGenerator<string[], void> {
    const seen = new Set<string>()
    for await (const page of this.pages(pattern, signal)) {
      const fresh = new Set(page.filter((name) => !seen.has(name)))
      for (const name of fresh) seen.add(name)
      if (fresh.size > 0) yield [...fresh]
    }
  }
}
