import { ok } from 'node:assert'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import type { Cache } from '@diskcache/cache'
import type { Random } from '../../../../packages/cache/tests/processes/random.ts'
import {
  checkStamped,
  FILE_FORMS,
  FORMS,
  stamped,
} from '../../../../packages/cache/tests/processes/stamped-value.ts'

/** What an operation rejects with that was meant to. */
export class Aborted extends Error {}

const KEYS = 400

/** Chances in a thousand, of what concerns everything. */
const MAINTENANCE = 10

/** Random operations of the promise face, large values and streams among them. Values prove themselves when they are read. */
export class Soaker {
  readonly #promises: Cache['promises']
  readonly #random: Random
  readonly #writer: number

  constructor(promises: Cache['promises'], random: Random, writer: number) {
    this.#promises = promises
    this.#random = random
    this.#writer = writer
  }

  /** One operation. Throws when a value is not what was written; {@link Aborted} when it was aborted, or failed as meant. */
  async step(sequence: number): Promise<void> {
    const maintains = this.#random.below(1_000) < MAINTENANCE
    const act = maintains ? this.#maintain : this.#random.pick(this.#actions)
    await act(`key ${this.#random.below(KEYS)}`, sequence, this.#signal())
  }

  readonly #actions = [
    async (key: string, sequence: number, signal?: AbortSignal) => {
      const ttl = this.#random.pick([20, 2_000, 60_000])
      await this.#promises.set(key, this.#value(key, sequence), { ttl, signal })
    },
    async (key: string, sequence: number, signal?: AbortSignal) => {
      const entries = this.#keys().map((key) => [key, this.#value(key, sequence)] as const)
      await this.#promises.setMany([...entries, [key, this.#value(key, sequence)]], { signal })
    },
    async (key: string, _: number, signal?: AbortSignal) => {
      check(key, await this.#promises.get(key, { signal }))
    },
    async (_key: string, _: number, signal?: AbortSignal) => {
      const keys = this.#keys()
      const values = await this.#promises.getMany(keys, { signal })
      for (const [i, key] of keys.entries()) check(key, values[i])
    },
    async (key: string, sequence: number, signal?: AbortSignal) => {
      const fails = this.#random.chance(0.2)
      const change = ({ value }: { value?: unknown } = {}) => {
        check(key, value)
        if (fails) throw new Aborted('the change failed, as meant')
        return { set: this.#value(key, sequence) }
      }
      await this.#promises.update(key, change, { signal })
    },
    async (key: string, _: number, signal?: AbortSignal) => {
      check(key, await this.#promises.pop(key, { signal }))
    },
    async (key: string, sequence: number, signal?: AbortSignal) => {
      await this.#promises.write(key, this.#chunks(key, sequence), { signal })
    },
    async (key: string, _: number, signal?: AbortSignal) => {
      const isWhole = this.#random.chance(0.7)
      const stream = await this.#promises.read(key, { signal }).catch(unlessNoBytes)
      if (stream === undefined) return
      if (isWhole) check(key, await buffer(stream))
      else stream.destroy()
    },
    async (key: string, sequence: number, signal?: AbortSignal) => {
      const fails = this.#random.chance(0.2)
      const body = (cache: Pick<Cache, 'set' | 'delete'>) => {
        cache.set(key, this.#value(key, sequence))
        cache.delete(`key ${sequence % KEYS}`)
        if (fails) throw new Aborted('the transaction failed, as meant')
      }
      await this.#promises.transact(body, { signal })
    },
  ]

  readonly #maintain = async (): Promise<void> => {
    const turn = this.#random.below(10)
    if (turn < 4) await this.#promises.expire()
    else if (turn < 8) await this.#promises.cull()
    else
      await this.#promises.clear(
        this.#random.chance(0.5) ? {} : { prefix: `key ${1 + this.#random.below(9)}` },
      )
  }

  /** Of one operation in five, which is aborted at once or a few turns later. */
  #signal(): AbortSignal | undefined {
    if (!this.#random.chance(0.2)) return undefined
    const controller = new AbortController()
    this.#abortLater(controller, this.#random.below(10))
    return controller.signal
  }

  async #abortLater(controller: AbortController, turns: number): Promise<void> {
    for (let i = 0; i < turns; i++) await setImmediate()
    controller.abort(new Aborted('aborted'))
  }

  #keys(): string[] {
    const first = this.#random.below(KEYS - 8)
    return Array.from({ length: 8 }, (_, i) => `key ${first + i}`)
  }

  #value(key: string, sequence: number) {
    return stamped({ key, writer: this.#writer, sequence }, this.#random.pick(FORMS), this.#random)
  }

  /** A source of several chunks, which sometimes fails in the middle. */
  async *#chunks(key: string, sequence: number): AsyncGenerator<Buffer> {
    const stamp = { key, writer: this.#writer, sequence }
    const bytes = Buffer.from(String(stamped(stamp, FILE_FORMS[0] as 'file text', this.#random)))
    const fails = this.#random.chance(0.2)
    for (let at = 0; at < bytes.length; at += 2_000) {
      await setImmediate()
      if (fails && at > 4_000) throw new Aborted('the source failed, as meant')
      yield bytes.subarray(at, at + 2_000)
    }
  }
}

function check(key: string, value: unknown): void {
  if (value !== undefined) ok(checkStamped(key, value))
}

/** An object has no bytes that could be streamed. */
function unlessNoBytes(error: Error): Readable | undefined {
  if (error instanceof TypeError) return undefined
  throw error
}
