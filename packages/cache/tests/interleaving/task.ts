import { setImmediate } from 'node:timers/promises'
import type fc from 'fast-check'
import type { Operation, Promises } from './operation.ts'
import type { SharedKeys } from './shared-keys.ts'
import type { Step } from './step.ts'
import { type Outcome, outcomeOf, Worlds } from './worlds.ts'

class Aborted extends Error {
  readonly code = 'aborted by its task'
}

interface Issued {
  readonly operation: Operation
  readonly outcome: Promise<Outcome>
}

/** One of several that use the same caches at the same time; between any two of its steps, others may do theirs. */
export class Task {
  readonly #name: string
  readonly #stores: readonly Promises[]
  readonly #shared: SharedKeys
  readonly #scheduler: fc.Scheduler
  readonly #issued: Issued[] = []
  readonly #pending: Promise<unknown>[] = []
  #store = 0

  constructor(name: string, stores: readonly Promises[], shared: SharedKeys, scheduler: fc.Scheduler) {
    this.#name = name
    this.#stores = stores
    this.#shared = shared
    this.#scheduler = scheduler
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      await this.#scheduler.schedule(Promise.resolve(), `${this.#name}: ${step}`)
      if (step.after === 'turn') await setImmediate()
      await this.#perform(step)
    }
    await this.#done()
  }

  /** Throws unless its operations gave, and left, what they would have if there were no other task. */
  async verify(entries: Iterable<[unknown, unknown]>): Promise<void> {
    const worlds = new Worlds()
    for (const { operation, outcome } of this.#issued) {
      const settled = await outcome
      if ('error' in settled && settled.error === new Aborted().code) worlds.applyAborted(operation)
      else worlds.apply(operation, settled)
    }
    const own = [...entries].filter(([key]) => String(key).startsWith(this.#own('')))
    worlds.check(new Map(own.map(([key, value]) => [String(key).slice(this.#own('').length), value])))
  }

  readonly #own = (key: string): string => `${this.#name}:${key}`

  async #perform(step: Step): Promise<void> {
    const isAlone = typeof step.action === 'object' && step.action.isAlone
    // Two objects on one directory are like two processes: only what is done is known to both.
    if (isAlone || step.after === 'done' || step.store !== this.#store) await this.#done()
    this.#store = step.store
    const controller = new AbortController()
    this.#pending.push(this.#issue(step, controller.signal))
    this.#abort(step, controller)
    if (isAlone) await this.#done()
  }

  #issue({ action, store }: Step, signal: AbortSignal): Promise<unknown> {
    const promises = this.#stores[store] as Promises
    if (action === 'count') return this.#shared.count(this.#name, promises, signal)
    if (action === 'append') return this.#shared.append(this.#name, promises, signal)
    const outcome = outcomeOf(action.issue(promises, this.#own, signal))
    this.#issued.push({ operation: action, outcome })
    return outcome
  }

  #abort({ abort }: Step, controller: AbortController): void {
    if (abort === 'never') return
    const act = () => controller.abort(new Aborted())
    if (abort === 'at once') act()
    else if (abort === 'in a transaction') this.#shared.atNextAppend(act)
    else this.#scheduler.schedule(Promise.resolve(), `${this.#name}: abort`).then(act)
  }

  async #done(): Promise<void> {
    await Promise.all(this.#pending.splice(0))
  }
}
