import { SingleBar } from 'cli-progress'
import { formatCount } from './figures.ts'

export interface Tally {
  readonly done: number
  readonly misses: number
}

/** Shows how far the work is. */
export interface Progress {
  show(tally: Tally): void
  stop(): void
}

/** A bar on a terminal; elsewhere, as in continuous integration, a line for every tenth. */
export function startProgress(total: number, output: NodeJS.WriteStream): Progress {
  return output.isTTY ? startBar(total, output) : new ProgressLines(total, output)
}

function startBar(total: number, output: NodeJS.WriteStream): Progress {
  const format = '{bar} {value}/{total} files | {hits} hits, {misses} misses | {duration_formatted}'
  const bar = new SingleBar({
    stream: output,
    format,
    barsize: 30,
    barCompleteChar: '█',
    barIncompleteChar: '░',
  })
  bar.start(total, 0, { hits: 0, misses: 0 })
  return {
    show: ({ done, misses }) => bar.update(done, { hits: done - misses, misses }),
    stop: () => bar.stop(),
  }
}

class ProgressLines implements Progress {
  readonly #total: number
  readonly #output: NodeJS.WritableStream
  #tenths = 0

  constructor(total: number, output: NodeJS.WritableStream) {
    this.#total = total
    this.#output = output
  }

  show({ done, misses }: Tally): void {
    const tenths = Math.floor((10 * done) / this.#total)
    if (tenths === this.#tenths) return
    this.#tenths = tenths
    const [value, total, hits, missed] = [done, this.#total, done - misses, misses].map(formatCount)
    this.#output.write(`${value} of ${total} files, ${hits} hits, ${missed} misses\n`)
  }

  stop(): void {}
}
