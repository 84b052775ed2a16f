import { strictEqual } from 'node:assert'
import { Cache, type Problem } from '@diskcache/cache'

/** An hour from now nothing that was under way today can be so still, and every leftover is one. */
export function laterClock(): number {
  return Date.now() + 3_600_000
}

/** Throws when `check` finds anything, now or an hour later. Meant for a cache that nobody was killed in. */
export function expectSound(directory: string): void {
  using now = new Cache(directory)
  expectNone(now.check(), 'check()')
  using later = new Cache(directory, { clock: laterClock })
  expectNone(later.check(), 'check() an hour later')
}

/** Throws with a few of the problems when there are any. */
export function expectNone(problems: readonly Problem[], where: string): void {
  const some = problems.slice(0, 5).map(({ kind, message }) => `${kind}: ${message}`)
  strictEqual(problems.length, 0, `${where} finds ${problems.length} problems: ${some.join('; ')}`)
}

/** Returns whether a problem is one. What Python wrote has no checksum, which is none. */
export function isDamage({ kind }: Problem): boolean {
  return kind !== 'unverified'
}
