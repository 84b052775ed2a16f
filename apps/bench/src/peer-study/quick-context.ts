import type { PartContext } from '../report/part.ts'

/** A quick run, whose skipped peers are in `skipped`; for tests. */
export function quickContext(skipped: Map<string, string>): PartContext {
  return { quick: true, progress() {}, skip: (name, reason) => skipped.set(name, reason) }
}
