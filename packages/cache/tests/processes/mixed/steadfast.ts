import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { buffer } from 'node:stream/consumers'
import type { Cache } from '@diskcache/cache'
import { checkStamped, FORMS, stamped } from '../stamped-value.ts'
import { type Invariant, PINNED, type WorkerContext } from './invariant.ts'

const PREFIX = 'steadfast:'
const KEYS = Array.from({ length: 6 }, (_, i) => `${PREFIX}${i}`)

/** Nobody ever removes these keys, so nobody may ever miss one, however often they are replaced, nor see an older value again. */
export const steadfast: Invariant<number> = {
  weight: 18,
  prepare: (cache) => {
    for (const key of KEYS) cache.set(key, `${key}: not yet replaced`, PINNED)
  },
  work: (context) => {
    const reader = new SteadfastReader(context)
    let sequence = 0
    return {
      step: () => {
        if (context.random.chance(0.4)) return replace(context, sequence++)
        return reader.step()
      },
      report: () => reader.reads,
    }
  },
  verify: (cache, reports) => {
    deepStrictEqual(
      cache.hasMany(KEYS),
      KEYS.map(() => true),
      'a steadfast key is gone',
    )
    return `${reports.reduce((sum, reads) => sum + reads, 0)} reads of steadfast keys`
  },
}

function replace({ cache, random, id }: WorkerContext, sequence: number): void {
  const key = random.pick(KEYS)
  const value = stamped({ key, writer: id, sequence }, random.pick(FORMS), random)
  const kind = random.below(10)
  if (kind === 0) cache.update(key, () => ({ set: value }))
  else if (kind === 1) cache.setMany([[key, value, PINNED]])
  else if (kind === 2) ok(cache.touch(key, { ttl: Infinity }), `touch() misses ${key}`)
  else if (kind === 3) strictEqual(cache.add(key, value), false, `add() finds no ${key}`)
  else ok(cache.set(key, value, PINNED))
}

class SteadfastReader {
  reads = 0
  readonly #context: WorkerContext
  readonly #seen = new Map<string, number>()

  constructor(context: WorkerContext) {
    this.#context = context
  }

  step(): void | Promise<void> {
    const { cache, random } = this.#context
    const key = random.pick(KEYS)
    this.reads++
    switch (random.below(8)) {
      case 0:
        return this.#readStream(cache, key)
      case 1:
        return ok(cache.has(key), `has() misses ${key}`)
      case 2:
        return this.#iterate(cache)
      case 3:
        for (const [i, value] of cache.getMany(KEYS).entries()) this.#see(KEYS[i] as string, value)
        return
      default:
        return this.#see(key, cache.get(key))
    }
  }

  async #readStream(cache: Cache, key: string): Promise<void> {
    try {
      const stream = cache.read(key)
      if (stream === undefined) throw new Error(`read() misses ${key}`)
      this.#see(key, (await buffer(stream)).toString())
    } catch (error) {
      // It holds an object at the moment, which is no stream.
      if (!(error instanceof TypeError)) throw error
    }
  }

  #iterate(cache: Cache): void {
    const keys = [
      ...cache.keys({ prefix: PREFIX, order: this.#context.random.pick(['insertion', 'sorted']) }),
    ]
    deepStrictEqual(keys.sort(), KEYS, 'an iteration does not give every steadfast key once')
  }

  #see(key: string, value: unknown): void {
    if (value === `${key}: not yet replaced`) return
    if (value === undefined) throw new Error(`${key} was missed`)
    const { writer, sequence } = checkStamped(key, value)
    const source = `${key} by ${writer}`
    const last = this.#seen.get(source) ?? -1
    ok(sequence >= last, `${key} went back from ${last} to ${sequence} of worker ${writer}`)
    this.#seen.set(source, sequence)
  }
}
