import { Random } from '../random.ts'
import { Keyspace } from './keyspace.ts'
import { makeOperation, type Operation } from './operations.ts'

/**
 * All that one writer ever does, fixed by a seed: the writer runs it, and who has counted its acknowledgements knows
 * what must be in the cache.
 */
export class Script {
  readonly prefix: string
  readonly #seed: number
  readonly #writer: number

  constructor(seed: number, writer: number) {
    this.#seed = seed
    this.#writer = writer
    this.prefix = `writer${writer}`
  }

  operation(sequence: number): Operation {
    const random = new Random(this.#seed, this.#writer, sequence)
    return makeOperation({ random, prefix: this.prefix, writer: this.#writer, sequence })
  }

  start(): Keyspace {
    return new Keyspace(this.prefix)
  }
}

/** All writers count their operations in this key, and replace the value of the other one. */
export const SHARED_COUNTER = 'shared counter'
export const SHARED_FILE = 'shared file'
