import { setTimeout as delay } from 'node:timers/promises'
import type { AsyncStore } from '@diskcache/core'

/** What is left alone, because it does not ask the engine. */
const SOUND: readonly PropertyKey[] = ['waitFor', 'changeCount', 'close', 'keys', 'values', 'entries']

export interface FaultOptions {
  /** Any integer; the same seed gives the same faults. */
  readonly seed: number
  /** How many operations of a thousand fail: half of them without effect, half after it. 0 by default. */
  readonly perMille?: number
  /** Milliseconds by which an operation is delayed at most; 0 by default. */
  readonly delay?: number
}

/** Makes a store slow and unreliable, in a way that its seed decides. */
export class Faults {
  #state: number
  readonly #delay: number
  perMille: number

  constructor({ seed, perMille = 0, delay = 0 }: FaultOptions) {
    this.#state = seed
    this.#delay = delay
    this.perMille = perMille
  }

  /** Returns the same store, with faults in every operation that asks the engine. */
  in<S extends AsyncStore>(store: S): S {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        if (SOUND.includes(name) || typeof name === 'symbol') return member.bind(target)
        return (...args: unknown[]) => this.#run(() => Reflect.apply(member, target, args))
      },
    })
  }

  /** Draws an integer from 0 to 999. */
  draw(): number {
    // Numerical Recipes' linear congruential generator, whose high bits are good enough for this.
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * 1_000)
  }

  async #run(task: () => unknown): Promise<unknown> {
    const fails = this.draw() < this.perMille
    const comesFirst = this.draw() < 500
    if (this.#delay > 0) await delay((this.draw() / 1_000) * this.#delay)
    if (fails && comesFirst) throw new Error('Injected fault: nothing was done')
    const result = await task()
    if (fails) throw new Error('Injected fault: it was done, but the answer is lost')
    return result
  }
}
