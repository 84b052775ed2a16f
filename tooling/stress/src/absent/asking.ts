import { setTimeout as delay } from 'node:timers/promises'
import type { NamedUser } from '../../../../packages/adapters/tests/absent/users.ts'
import { now } from './now.ts'

/** A request of one user. Times are epoch milliseconds. */
export interface Request {
  readonly key: string
  /** When it was due. What it waited because the process was busy counts, too. */
  readonly due: number
  readonly began: number
  /** Infinite when there was no answer. */
  readonly ended: number
  /** When its answer had been computed; `undefined` when it failed. */
  readonly made: number | undefined
}

export interface Asked {
  readonly name: string
  readonly control: string | undefined
  readonly requests: readonly Request[]
  /** What requests failed with. */
  readonly failures: readonly string[]
}

/** Milliseconds from one request of a user to its next. */
export const PERIOD = 20

/** How long answers are waited for in the end, in milliseconds: longer than any operation of a store may take. */
const PATIENCE = 6_000

/** Lets every user ask for the same keys at a fixed rate, whether or not earlier requests have been answered. */
export async function ask(
  users: readonly NamedUser[],
  keys: readonly string[],
  start: number,
): Promise<readonly Asked[]> {
  const askers = users.map((user) => new Asker(user))
  for (const [i, key] of keys.entries())
    for (const [j, asker] of askers.entries()) {
      const due = start + PERIOD * (i + j / askers.length)
      // Timers are no finer.
      if (due - now() >= 1) await delay(due - now())
      asker.ask(key, due)
    }
  await Promise.race([
    Promise.all(askers.map((asker) => asker.answered())),
    delay(PATIENCE, undefined, { ref: false }),
  ])
  return askers.map((asker) => asker.asked())
}

class Asker {
  readonly #user: NamedUser
  readonly #requests: { key: string; due: number; began: number; ended: number; made: number | undefined }[] =
    []
  readonly #failures: string[] = []
  readonly #asking: Promise<void>[] = []

  constructor(user: NamedUser) {
    this.#user = user
  }

  ask(key: string, due: number): void {
    this.#asking.push(this.#ask(key, due))
  }

  async answered(): Promise<void> {
    await Promise.all(this.#asking)
  }

  asked(): Asked {
    const { name, control } = this.#user
    return { name, control, requests: this.#requests, failures: this.#failures }
  }

  async #ask(key: string, due: number): Promise<void> {
    const request = { key, due, began: now(), ended: Infinity, made: undefined as number | undefined }
    this.#requests.push(request)
    try {
      request.made = (await this.#user.user.ask(key)).made
    } catch (error) {
      this.#failures.push(String(error))
    }
    request.ended = now()
  }
}
