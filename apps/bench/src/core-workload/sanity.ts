import type { CoreContender } from './core-contender.ts'
import { OPERATIONS } from './operations.ts'
import type { Recording } from './recording.ts'
import type { Length } from './worker-settings.ts'

/** Throws where a run cannot have measured what it claims to. Says nothing about times. */
export function checkSanity(
  { name, shards }: CoreContender,
  { operations, warmUp }: Length,
  recordings: readonly Recording[],
  problems: readonly number[],
): void {
  const fail = (what: string) => {
    throw new Error(`Cannot use the run of ${name}: ${what}`)
  }
  if (problems.some((count) => count > 0)) fail(`its check found problems: ${problems}`)
  for (const { times, misses, dropped } of recordings) {
    const count = OPERATIONS.reduce((sum, operation) => sum + times[operation].length, 0)
    // Upstream counts from 0, and begins after number `warmUp`.
    if (count !== operations - warmUp - 1) fail(`it recorded ${count} operations`)
    if (shards === null && misses.set > 0) fail('a set gave up, but only a sharded cache may')
    if (dropped !== null && misses.set > dropped) fail('a set gave false but does not count as dropped')
  }
}
