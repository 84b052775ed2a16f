import { describe, expect, test } from 'vitest'
import type { AbsentReport } from './absent-worker.ts'
import { PERIOD, type Request } from './asking.ts'
import { type Course, judge } from './judge.ts'
import { judgeUndisturbed } from './judge-undisturbed.ts'

const COURSE: Course = {
  state: 'away',
  fault: { begin: 6_000, end: 40_000 },
  ending: 39_900,
  isLong: true,
  starved: [],
}

/** Requests of a minute: each fifth key is asked for the first time, and `latency` says how long one takes. */
function requests(latency: (due: number) => number = () => 6): Request[] {
  return Array.from({ length: 60_000 / PERIOD }, (_, i) => {
    const due = i * PERIOD
    const isFirst = i % 5 === 0
    const isAway = due >= COURSE.fault.begin && due < COURSE.fault.end
    const ended = due + latency(due)
    const made = isFirst || isAway ? ended - 0.5 : due - (i % 5) * PERIOD + 5
    return { key: `key ${Math.floor(i / 5)}`, due, began: due, ended, made }
  })
}

function report(more: Partial<AbsentReport> = {}, asked: readonly Request[] = requests()): AbsentReport {
  return {
    users: [
      { name: 'call', control: undefined, requests: requests(), failures: [] },
      { name: 'user', control: 'call', requests: asked, failures: [] },
    ],
    attempts: [],
    changes: [change('away', 6_050), change('up', 40_900)],
    troubled: [],
    stores: ['user'],
    unhandled: [],
    memory: [10e6, 11e6],
    ...more,
  }
}

function change(reason: string, time: number) {
  return { store: 'user', reason, time }
}

function wrongs(more: Partial<AbsentReport>, asked?: readonly Request[]): readonly string[] {
  return judge(report(more, asked), COURSE).wrongs
}

const within = (due: number, begin: number, time: number) => due >= begin && due < begin + time

describe('judge() of requests', () => {
  test('finds nothing wrong with a store that is waited for once', () => {
    expect(wrongs({})).toEqual([])
    expect(
      wrongs(
        {},
        requests((due) => (within(due, 6_000, 250) ? 256 : 6)),
      ),
    ).toEqual([])
  })

  test('finds requests that wait again and again', () => {
    const waiting = requests((due) => (within(due, 6_000, 34_000) ? 60 : 6))
    expect(wrongs({}, waiting)).toEqual([
      expect.stringContaining('user: its p99 is 54.0 ms longer'),
      expect.stringContaining('user: 50 requests waited in the first second'),
      expect.stringContaining('user: 50 requests waited in a later second'),
    ])
    const often = requests((due) => (within(due, 20_000, 5 * PERIOD) ? 60 : 6))
    expect(wrongs({}, often)).toEqual([expect.stringContaining('5 requests waited in a later second')])
  })

  test('blames nobody for what the control waited, too', () => {
    const stalled = requests((due) => (within(due, 20_000, 200) ? 200 : 6))
    const users = [
      { name: 'call', control: undefined, requests: stalled, failures: [] },
      { name: 'user', control: 'call', requests: stalled, failures: [] },
    ]
    expect(wrongs({ users })).toEqual([])
  })

  test('finds hits that do not come back', () => {
    const missing = requests().map((request) =>
      request.due > 40_000 ? { ...request, made: request.ended - 0.5 } : request,
    )
    expect(wrongs({}, missing)).toEqual([expect.stringContaining('hits were back Infinity ms after')])
  })

  test('finds requests that fail, or are never answered', () => {
    const [first, ...others] = requests()
    const open = [{ ...(first as Request), ended: Infinity, made: undefined }, ...others]
    expect(wrongs({}, open)).toContain('user: 1 requests were never answered')
    const users = report().users.map((user) => ({ ...user, failures: user.name === 'user' ? ['no'] : [] }))
    expect(wrongs({ users })).toEqual(['user: 1 requests failed, the first with no'])
  })
})

describe('judge() of what is no request', () => {
  test('finds unhandled rejections, and memory that grows', () => {
    expect(wrongs({ unhandled: ['no'] })).toEqual(['1 unhandled rejections, the first: no'])
    expect(wrongs({ memory: [10e6, 90e6, 11e6] })).toEqual([
      'memory in use grew from 10000000 to 90000000 bytes',
    ])
  })
})

describe('judge() of locks and states', () => {
  test('finds locks that take too long, fail without a code, or without a reason', () => {
    const attempt = { name: 'Lock.acquire', began: 10_000, took: 500, timeout: 500, failure: undefined }
    expect(wrongs({ attempts: [attempt] })).toEqual([])
    expect(wrongs({ attempts: [{ ...attempt, took: 1_100 }] })).toEqual(['Lock.acquire took 1100 ms'])
    expect(wrongs({ attempts: [{ ...attempt, took: 800, timeout: undefined }] })).toEqual([
      'Lock.acquire took 800 ms',
    ])
    expect(wrongs({ attempts: [{ ...attempt, failure: 'Error: no' }] })).toEqual([
      'Lock.acquire failed with Error: no',
    ])
    const needless = { ...attempt, began: 50_000, failure: 'ERR_DISKCACHE_UNAVAILABLE' }
    expect(wrongs({ attempts: [needless] })).toEqual([expect.stringContaining('failed though all was well')])
  })

  test.for([
    ['nothing', [], ['not found to be away', 'not found to be up again']],
    ['a change before the fault', [change('away', 5_000), change('up', 40_500)], ['before the fault']],
    ['a fault that is noticed late', [change('away', 9_000), change('up', 40_500)], ['not found to be away']],
    [
      'an end that is noticed late',
      [change('away', 6_100), change('up', 44_000)],
      ['not found to be up again'],
    ],
    [
      'a store that is up in the fault',
      [change('away', 6_100), change('up', 9_000), change('away', 9_100), change('up', 40_500)],
      ['up in the fault', 'a second time'],
    ],
  ] as const)('finds in what the channel told: %s', ([, changes, expected]) => {
    const found = wrongs({ changes })
    expect(found).toHaveLength(expected.length)
    for (const [i, text] of expected.entries()) expect(found[i]).toContain(text)
  })

  test('excuses what a slow machine is to blame for, outside of the fault', () => {
    const changes = [
      change('away', 6_050),
      change('up', 40_900),
      change('away', 50_000),
      change('up', 50_200),
    ]
    const starvedAt = (begin: number) => ({ ...COURSE, starved: [{ begin, end: begin + 100 }] })
    expect(judge(report({ changes }), starvedAt(49_880)).wrongs).toEqual([])
    expect(judge(report({ changes }), starvedAt(48_000)).wrongs).not.toEqual([])
    const early = [change('away', 5_950), change('up', 5_980), change('away', 6_050), change('up', 40_900)]
    const untilInFault = (begin: number) => ({ ...COURSE, starved: [{ begin, end: 6_100 }] })
    expect(judge(report({ changes: early }), untilInFault(5_800)).wrongs).toEqual([])
    expect(judge(report({ changes: early }), untilInFault(5_990)).wrongs).not.toEqual([])
    const returning = [change('away', 6_050), change('busy', 40_500), change('up', 40_900)]
    expect(judge(report({ changes: returning }), starvedAt(40_400)).wrongs).toEqual([])
    const waiting = requests((due) => (within(due, 20_000, 200) ? 60 : 6))
    expect(judge(report({}, waiting), starvedAt(20_000)).wrongs).not.toEqual([])
  })

  test('finds a busy store that is taken to be away, and one that is not up in the end', () => {
    const changes = [change('busy', 6_300), change('away', 6_400), change('up', 40_500)]
    const busy = judge(report({ changes }), { ...COURSE, state: 'busy' })
    expect(busy.wrongs).toEqual([expect.stringContaining('was found to be away')])
    expect(wrongs({ troubled: ['user away'] })).toEqual(['not up in the end: user away'])
  })
})

describe('judgeUndisturbed()', () => {
  const well = { changes: [] }

  /** As if no store had been away. */
  const hits = requests().map((request, i) =>
    i % 5 === 0 ? request : { ...request, made: request.due - (i % 5) * PERIOD + 5 },
  )

  test('finds nothing wrong where every key is computed once', () => {
    expect(judgeUndisturbed(report(well, hits))).toEqual([])
  })

  test('finds any change, and what is computed again', () => {
    expect(judgeUndisturbed(report({ changes: [change('busy', 1)] }, hits))).toEqual([
      'user: was found to be busy, though it was well',
    ])
    const again = { key: 'key 1', due: 50_000, began: 50_000, ended: 50_006, made: 50_005 }
    expect(judgeUndisturbed(report(well, [...hits, again]))).toEqual([
      'user: computed 1 values again, the first of key 1',
    ])
  })
})
