import { describe, expect, it } from 'vitest'
import { coreContenders } from './core-contender.ts'
import type { Recording } from './recording.ts'
import { checkSanity } from './sanity.ts'

const LENGTH = { operations: 4, warmUp: 0 }

const [cache, fanout] = coreContenders(1, { python: false })

const sound: Recording = {
  times: { get: [1], set: [1], delete: [1] },
  misses: { get: 0, set: 0, delete: 0 },
  dropped: 0,
}

describe('checkSanity()', () => {
  it('accepts a run that recorded everything', () => {
    expect(() => checkSanity(cache!, LENGTH, [sound, sound], [0])).not.toThrow()
  })

  it('refuses a run that left something out, or whose store is damaged', () => {
    expect(() => checkSanity(cache!, { ...LENGTH, operations: 5 }, [sound], [0])).toThrow(/recorded 3/)
    expect(() => checkSanity(cache!, LENGTH, [sound], [2])).toThrow(/problems: 2/)
  })

  it('refuses a set that was dropped, unless by a sharded cache that says so', () => {
    const run: Recording = { ...sound, misses: { ...sound.misses, set: 1 } }
    expect(() => checkSanity(cache!, LENGTH, [{ ...run, dropped: 1 }], [0])).toThrow(/only a sharded/)
    expect(() => checkSanity(fanout!, LENGTH, [{ ...run, dropped: 1 }], [0])).not.toThrow()
    expect(() => checkSanity(fanout!, LENGTH, [run], [0])).toThrow(/does not count/)
  })
})
