import { Presets, SingleBar } from 'cli-progress'
import type { Part } from './part.ts'
import type { PartResult } from './part-result.ts'
import type { Watcher } from './run-parts.ts'

const FORMAT = '{bar} {percentage} %  {eta_formatted} left  {doing}'

/** One line that moves, on a terminal, where parts count by how long they take in full; elsewhere a line for each part. */
export class ProgressBar implements Watcher {
  readonly #bar = new SingleBar(
    { format: FORMAT, clearOnComplete: true, hideCursor: true },
    Presets.shades_grey,
  )
  #finished = 0
  #since = Date.now()

  constructor(parts: readonly Part[]) {
    const total = parts.reduce((sum, { minutes }) => sum + minutes, 0)
    if (process.stderr.isTTY) this.#bar.start(total, 0, { doing: '' })
  }

  progress({ name, minutes }: Part, done: number, total: number, doing: string): void {
    this.#bar.update(this.#finished + (minutes * done) / total, { doing: `${name}: ${doing}` })
  }

  end({ name, minutes }: Part, { error = 'done', skipped }: PartResult): void {
    this.#finished += minutes
    if (process.stderr.isTTY) return this.#bar.update(this.#finished)
    const seconds = Math.round((Date.now() - this.#since) / 1e3)
    console.log(`${name}: ${error} (${seconds} s, ${skipped.length} skipped)`)
    this.#since = Date.now()
  }

  stop(): void {
    this.#bar.stop()
  }
}
