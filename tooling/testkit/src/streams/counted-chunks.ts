import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** A source of `count` chunks of `size` bytes, which looks now and then how many of those it gave are still held. */
export class CountedChunks implements AsyncIterable<Buffer> {
  readonly #count: number
  readonly #size: number
  readonly #given: WeakRef<Buffer>[] = []
  /** The most that were held at one look. */
  mostHeld = 0

  constructor(count: number, size: number) {
    this.#count = count
    this.#size = size
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    for (let i = 1; i <= this.#count; i++) {
      yield this.#chunk(i)
      if (i % Math.ceil(this.#count / 4) === 0) await this.#look()
    }
  }

  #chunk(number: number): Buffer {
    const chunk = Buffer.alloc(this.#size, number)
    this.#given.push(new WeakRef(chunk))
    return chunk
  }

  async #look(): Promise<void> {
    // What a WeakRef has given is held until the turn ends.
    await turn()
    collectGarbage()
    this.mostHeld = Math.max(this.mostHeld, this.#given.filter((chunk) => chunk.deref()).length)
    await turn()
  }
}
