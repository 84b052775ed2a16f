import { SingleBar } from 'cli-progress'
import { onInterruption } from './interruption.ts'

/** What is done sooner needs no bar, in milliseconds. */
const DELAY = 300

const WIDEST_BAR = 30

/**
 * A bar on the standard error with percent and the time left, for work that takes a while; nothing where that is not a
 * terminal. It is wiped off when the work is done.
 */
export class Progress implements Disposable {
  readonly #label: string
  readonly #begin = performance.now()
  #bar: SingleBar | undefined
  readonly #forget = onInterruption(() => this.stop())

  /** Begins with a label, a few words such as `reading entries`. */
  constructor(label: string) {
    this.#label = label
  }

  /** Tells how much is done, of how much in all. */
  update(done: number, total: number): void {
    if (!process.stderr.isTTY || total <= 0) return
    if (this.#bar === undefined && performance.now() - this.#begin < DELAY) return
    this.#bar ??= this.#start()
    this.#bar.setTotal(Math.max(done, total))
    this.#bar.update(done)
  }

  /** Wipes the bar off. */
  stop(): void {
    this.#forget()
    this.#bar?.stop()
    this.#bar = undefined
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #start(): SingleBar {
    const { columns = 80 } = process.stderr
    const others = this.#label.length + ' 100% | 00m00s left'.length + 2
    const bar = new SingleBar({
      format: `${this.#label} {bar} {percentage}% | {eta_formatted} left`,
      barsize: Math.max(5, Math.min(WIDEST_BAR, columns - others)),
      stream: process.stderr,
      clearOnComplete: true,
      // What is changed of the terminal would stay so when the process is killed.
      hideCursor: null,
      linewrap: true,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      etaBuffer: 50,
    })
    bar.start(1, 0)
    return bar
  }
}
