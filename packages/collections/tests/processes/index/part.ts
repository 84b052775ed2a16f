import type { Index } from '@diskcache/collections'
import type { Share } from '../../../../cache/tests/processes/mixed/invariant.ts'
import type { Random } from '../../../../cache/tests/processes/random.ts'

export interface PartContext {
  readonly index: Index<string | number, unknown>
  readonly random: Random
  /** From 0 up. */
  readonly id: number
}

/** Something that must hold in an index that several processes use, and the operations that put it to the test. */
export interface Part<Report = unknown> {
  work(context: PartContext): Share<Report>
  /** Runs once, after the workers; throws when it does not hold, and may give figures. */
  verify(index: PartContext['index'], reports: readonly Report[]): string | undefined
}
