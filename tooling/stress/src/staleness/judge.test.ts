import { describe, expect, test } from 'vitest'
import type { LoggedWrite, WriteKind } from './history-log.ts'
import { judgeRead, NOTHING, TORN } from './judge.ts'
import { KeyHistories } from './key-history.ts'
import type { Read } from './read-log.ts'

const KEY = 7
const STALENESS = 10

/** A write that lasted from `time` to five later; for ever when it was killed. */
function write(
  sequence: number,
  kind: WriteKind,
  time: number,
  more: { ttl?: number; done?: boolean; killed?: boolean } = {},
): LoggedWrite {
  const { ttl = null, done = true, killed = false } = more
  const begin = { sequence, kind, keys: [KEY], ttl, time, wall: time }
  return { begin, end: killed ? undefined : { sequence, done, time: time + 5, wall: time + 5 } }
}

/** What is wrong with a read that lasted from `begin` to one later. */
function judge(writes: readonly LoggedWrite[], begin: number, version: number, more: Partial<Read> = {}) {
  const times = { begin, end: begin + 1, wallBegin: begin, wallEnd: begin + 1 }
  return judgeRead({ key: KEY, staleness: STALENESS, ...times, version, ...more }, new KeyHistories(writes))
}

describe('judgeRead()', () => {
  const twice = [write(1, 'set', 100), write(2, 'set', 200)]

  test('finds a value that was replaced before the staleness', () => {
    expect(judge(twice, 150, 1)).toBe(undefined)
    expect(judge(twice, 202, 1)).toBe(undefined)
    expect(judge(twice, 215, 1)).toBe(undefined)
    expect(judge(twice, 216, 1)).toBe('stale')
    expect(judge(twice, 206, 1, { staleness: 0 })).toBe('stale')
    expect(judge(twice, 216, 2)).toBe(undefined)
  })

  test('finds a value from the future, and one that nobody wrote', () => {
    expect(judge(twice, 199, 2)).toBe(undefined)
    expect(judge(twice, 198, 2)).toBe('future')
    expect(judge(twice, 300, 3)).toBe('future')
    expect(judge(twice, 150, TORN)).toBe('torn')
    expect(judge([], 150, 1)).toBe('future')
  })

  for (const kind of ['delete', 'evict'] as const)
    test(`finds a value that outlived its ${kind}`, () => {
      const writes = [write(1, 'set', 100), write(2, kind, 200)]
      expect(judge(writes, 215, 1)).toBe(undefined)
      expect(judge(writes, 216, 1)).toBe('deleted')
      expect(judge(writes, 199, NOTHING)).toBe(undefined)
      expect(judge(writes, 300, NOTHING)).toBe(undefined)
    })

  test('finds a value that outlived its expiry, by the clock on the wall', () => {
    const writes = [write(1, 'set', 100, { ttl: 50 })]
    expect(judge(writes, 155, 1)).toBe(undefined)
    expect(judge(writes, 156, 1)).toBe('expired')
    expect(judge(writes, 120, 1, { wallBegin: 156 })).toBe('expired')
    expect(judge(writes, 150, NOTHING)).toBe(undefined)
    expect(judge(writes, 148, NOTHING)).toBe('missing')
  })

  test('knows that a touch puts an expiry off, where there is something to touch', () => {
    const first = write(1, 'set', 100, { ttl: 50 })
    const touched = [first, write(2, 'touch', 110, { ttl: 500 })]
    expect(judge(touched, 300, 1)).toBe(undefined)
    expect(judge(touched, 300, NOTHING)).toBe('missing')
    const inVain = [first, write(2, 'touch', 160, { ttl: 500, done: false })]
    expect(judge(inVain, 300, 1)).toBe('expired')
    expect(judge(inVain, 300, NOTHING)).toBe(undefined)
  })

  test('finds that nothing was found where there was something all the time', () => {
    expect(judge(twice, 104, NOTHING)).toBe(undefined)
    expect(judge(twice, 115, NOTHING)).toBe(undefined)
    expect(judge(twice, 116, NOTHING)).toBe('missing')
    expect(judge(twice, 202, NOTHING)).toBe('missing')
  })

  test('takes either for right after a write that was killed, until the next one', () => {
    const killed = [...twice, write(3, 'set', 300, { killed: true })]
    const later = [...killed, write(4, 'set', 400)]
    for (const version of [2, 3]) {
      expect(judge(killed, 350, version)).toBe(undefined)
      expect(judge(later, 415, version)).toBe(undefined)
      expect(judge(later, 416, version)).toBe('stale')
    }
    expect(judge(killed, 350, 1)).toBe('stale')
    expect(judge(killed, 298, 3)).toBe('future')
    expect(judge(killed, 350, NOTHING)).toBe('missing')
    const touched = [...killed, write(4, 'touch', 400, { ttl: 100 })]
    for (const version of [2, 3]) expect(judge(touched, 450, version)).toBe(undefined)
    expect(judge(touched, 450, 1)).toBe('stale')
  })
})
