import { deepStrictEqual, strictEqual } from 'node:assert'
import type { Random } from '../../../../cache/tests/processes/random.ts'
import { FORMS, type StampedValue, stamped } from '../../../../cache/tests/processes/stamped-value.ts'
import type { Part, PartContext } from './part.ts'

type Entries = Map<string, StampedValue>

/** A process that is alone with its keys finds what a `Map` would have, in the order of a `Map`. */
export const ownEntries: Part<[string, StampedValue][]> = {
  work: (context) => {
    const owner = new Owner(context)
    return { step: () => owner.step(), report: () => [...owner.model] }
  },
  verify: (index, reports) => {
    for (const [id, report] of reports.entries()) {
      deepStrictEqual(entriesOf(index, id), plainEntries(report), `the entries of process ${id}`)
    }
    return `${reports.flat().length} entries of single owners in order`
  },
}

class Owner {
  readonly model: Entries = new Map()
  readonly #context: PartContext
  #sequence = 0

  constructor(context: PartContext) {
    this.#context = context
  }

  step(): void | Promise<void> {
    const { index, random, id } = this.#context
    const key = `own:${id}:${random.below(12)}`
    strictEqual(index.has(key), this.model.has(key), `has() of ${key}`)
    deepStrictEqual(plain(index.get(key)), plain(this.model.get(key)), `${key} is not what its owner wrote`)
    const act = random.pick(this.#actions)
    return act(key, this.#value(key, random))
  }

  readonly #actions = [
    (key: string, value: StampedValue) => {
      this.#context.index.set(key, value)
      this.model.set(key, value)
    },
    async (key: string, value: StampedValue) => {
      await this.#context.index.promises.set(key, value)
      this.model.set(key, value)
    },
    (key: string) => strictEqualTo(this.#context.index.delete(key), this.model.delete(key)),
    async (key: string) => {
      deepStrictEqual(plain(await this.#context.index.promises.pop(key)), plain(this.model.get(key)))
      this.model.delete(key)
    },
    (key: string, value: StampedValue) => {
      const expected = this.model.get(key) ?? value
      deepStrictEqual(plain(this.#context.index.setDefault(key, () => value)), plain(expected))
      this.model.set(key, expected)
    },
    (key: string, value: StampedValue) => {
      const other = `own:${this.#context.id}:extra`
      this.#context.index.update([
        [key, value],
        [other, value],
      ])
      this.model.set(key, value).set(other, value)
    },
    () => {
      const { index, id } = this.#context
      deepStrictEqual(entriesOf(index, id), plainEntries(this.model), `the entries of process ${id}`)
    },
  ]

  #value(key: string, random: Random): StampedValue {
    return stamped({ key, writer: this.#context.id, sequence: this.#sequence++ }, random.pick(FORMS), random)
  }
}

function strictEqualTo(actual: boolean, expected: boolean): void {
  strictEqual(actual, expected, 'delete()')
}

function entriesOf(index: PartContext['index'], id: number): [string, unknown][] {
  const entries = index.entries({ prefix: `own:${id}:` })
  return entries.map(([key, value]): [string, unknown] => [String(key), plain(value)]).toArray()
}

function plainEntries(entries: Iterable<[string, StampedValue]>): [string, unknown][] {
  return Array.from(entries, ([key, value]) => [key, plain(value)])
}

/** Bytes are bytes, of whatever class. */
function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : value
}
