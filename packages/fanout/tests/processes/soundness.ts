import { FanoutCache } from '@diskcache/fanout'
import { expectNone, laterClock } from '../../../cache/tests/processes/soundness.ts'

/** Throws when `check` finds anything in any shard, now or an hour later. Meant for a store that nobody was killed in. */
export function expectSoundShards(directory: string): void {
  using now = new FanoutCache(directory)
  expectNone(now.check(), 'check()')
  using later = new FanoutCache(directory, { clock: laterClock })
  expectNone(later.check(), 'check() an hour later')
}
