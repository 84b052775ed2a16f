import { SingleBar } from 'cli-progress'
import { formatCount } from './figures.ts'

const WIDEST_BAR = 30

export interface Work {
  readonly total: number
  /** How much is done before the start; 0. */
  readonly done?: number
  /** What is counted, such as `files`. */
  readonly unit: string
  /** What stands beside the bar at first. */
  readonly note: string
  readonly output: NodeJS.WriteStream
}

/** Shows how far the work is. */
export interface Progress {
  show(done: number, note: string): void
  stop(): void
}

/** A bar on a terminal; elsewhere, as in continuous integration, a line for every tenth. */
export function startProgress(work: Work): Progress {
  return work.output.isTTY ? startBar(work) : new ProgressLines(work)
}

function startBar({ total, done = 0, unit, note, output }: Work): Progress {
  let width = WIDEST_BAR
  const bar = new SingleBar({
    stream: output,
    format: (_options, { progress, value, eta }, { note }) => {
      const counts = `${formatCount(value)} of ${formatCount(total)} ${unit}`
      const words = `${Math.floor(100 * progress)}% | ${counts} | ${note} | ${timeLeft(eta)}`
      // The bar gives way to the words, and does not grow again when they get fewer.
      width = Math.max(0, Math.min(width, output.columns - 2 - words.length))
      return `${barOf(width, progress)} ${words}`.trimStart()
    },
    etaBuffer: 50,
  })
  bar.start(total, done, { note })
  return {
    show: (done, note) => bar.update(done, { note }),
    stop: () => bar.stop(),
  }
}

function barOf(width: number, progress: number): string {
  const filled = Math.round(width * progress)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}

/** Before anything is done, nobody knows. */
function timeLeft(seconds: number): string {
  return Number.isFinite(seconds) ? `${formatCount(Math.ceil(seconds))} s left` : '… left'
}

class ProgressLines implements Progress {
  readonly #work: Work
  #tenths: number

  constructor(work: Work) {
    this.#work = work
    this.#tenths = this.#tenthsOf(work.done ?? 0)
  }

  show(done: number, note: string): void {
    const tenths = this.#tenthsOf(done)
    if (tenths === this.#tenths) return
    this.#tenths = tenths
    const { total, unit, output } = this.#work
    output.write(`${formatCount(done)} of ${formatCount(total)} ${unit}, ${note}\n`)
  }

  stop(): void {}

  #tenthsOf(done: number): number {
    return Math.floor((10 * done) / this.#work.total)
  }
}
