import { isDeepStrictEqual } from 'node:util'
import type { Operation } from './operation.ts'

export type Outcome = { readonly result: unknown } | { readonly error: unknown }

/** What an operation gave, in a form that can be compared: of an error only what tells it from others. */
export function outcomeOf(promise: Promise<unknown>): Promise<Outcome> {
  return promise.then(
    (result) => ({ result }),
    (error) => ({ error: kindOf(error) }),
  )
}

function kindOf(error: unknown): unknown {
  const { code, name } = error as { code?: string; name: string }
  return code ?? name
}

/**
 * All contents that a task's keys can have after its operations so far. There is one, unless operations were aborted:
 * each of those has had no effect, or its full effect.
 */
export class Worlds {
  #worlds: readonly Map<string, unknown>[] = [new Map()]

  /** Throws unless one of the worlds explains the outcome. */
  apply(operation: Operation, outcome: Outcome): void {
    const next = this.#worlds.map((entries) => step(operation, entries))
    const explained = next.filter((world) => isDeepStrictEqual(world.outcome, outcome))
    if (explained.length === 0)
      throw contradiction(
        `${operation} gave`,
        outcome,
        next.map(({ outcome }) => outcome),
      )
    this.#worlds = explained.map(({ entries }) => entries)
  }

  applyAborted(operation: Operation): void {
    const done = this.#worlds.map((entries) => step(operation, entries).entries)
    this.#worlds = [...this.#worlds, ...done]
  }

  /** Throws unless these are the contents of one of the worlds. */
  check(entries: Map<string, unknown>): void {
    if (this.#worlds.some((world) => isDeepStrictEqual(world, entries))) return
    throw contradiction('In the end there is', entries, this.#worlds)
  }
}

function step(operation: Operation, before: Map<string, unknown>) {
  const entries = new Map(before)
  try {
    return { entries, outcome: { result: operation.expect(entries) } }
  } catch (error) {
    return { entries: before, outcome: { error: kindOf(error) } }
  }
}

function contradiction(what: string, found: unknown, expected: readonly unknown[]): Error {
  return new Error(`${what} ${text(found)}, expected ${expected.map(text).join(' or ')}`)
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (part instanceof Map) return [...part]
    return typeof part === 'string' && part.length > 40 ? `${part.slice(0, 20)}…${part.slice(-20)}` : part
  })
}
