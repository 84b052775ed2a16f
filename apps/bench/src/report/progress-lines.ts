import type { PartResult } from './part-result.ts'
import type { Watcher } from './run-parts.ts'

/** One line for each part, where there is no terminal. */
export class ProgressLines implements Watcher {
  begin(): void {}

  progress(): void {}

  end({ name, begun, error, skipped }: PartResult): void {
    const seconds = Math.round((Date.now() - Date.parse(begun)) / 1e3)
    const rest = skipped.length === 0 ? '' : `, ${skipped.length} skipped`
    console.log(`${name}: ${error ?? 'done'} (${seconds} s${rest})`)
  }
}
