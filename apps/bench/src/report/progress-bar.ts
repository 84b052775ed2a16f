import { Presets, SingleBar } from 'cli-progress'
import type { Part } from './part.ts'
import type { PartResult } from './part-result.ts'
import type { Watcher } from './run-parts.ts'
import { TimeLeft } from './time-left.ts'

const FORMAT = '{bar} {percentage} %  {left}  {doing}'

/** Thousandths, so that the bar moves. */
const TOTAL = 1_000

/** One line that moves, on a terminal. */
export class ProgressBar implements Watcher {
  readonly #bar = new SingleBar(
    { format: FORMAT, clearOnComplete: true, hideCursor: true },
    Presets.shades_grey,
  )
  readonly #left: TimeLeft
  #part = ''

  constructor(parts: readonly Part[]) {
    this.#left = new TimeLeft(parts)
    this.#bar.start(TOTAL, 0, { left: '', doing: '' })
  }

  begin(part: Part): void {
    this.#part = part.name
    this.#left.begin(part)
    this.#update('')
  }

  progress(done: number, total: number, doing: string): void {
    this.#left.advance(done / total)
    this.#update(doing)
  }

  end({ error }: PartResult): void {
    this.#left.advance(1)
    this.#update(error === undefined ? 'done' : 'failed')
    if (this.#left.share >= 1) this.#bar.stop()
  }

  #update(doing: string): void {
    const { share, minutes } = this.#left
    const left = minutes === undefined ? '' : `${Math.ceil(minutes)} min left`
    this.#bar.update(Math.round(share * TOTAL), { left, doing: `${this.#part}: ${doing}` })
  }
}
