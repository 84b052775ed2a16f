import { afterEach, expect, test, vi } from 'vitest'
import type { AsyncStore } from '../contract/async-store.ts'
import { Claim } from './claim.ts'
import type { LeasedHold } from './leased-hold.ts'
import { Leases } from './leases.ts'

const LEASE = 100

/** A store that has rows until it is cut off, and then fails. */
class Row {
  value: unknown
  isCut = false

  get store(): AsyncStore {
    const update: AsyncStore['update'] = async (_key, change) => {
      if (this.isCut) throw new Error('cut off')
      const decision = change(this.value as never, Date.now())
      if ('set' in decision) this.value = { value: decision.set }
      return this.value as never
    }
    return { update, capabilities: { watch: false } } as unknown as AsyncStore
  }

  async hold(maxHold?: number): Promise<LeasedHold> {
    const spec = { store: this.store, key: 'k', rowKey: ['k'], capacity: 1, lease: LEASE }
    return new Leases(maxHold === undefined ? spec : { ...spec, maxHold }).acquire()
  }

  get until(): number {
    return (this.value as { value: { holds: [{ until: number }] } }).value.holds[0].until
  }
}

afterEach(() => void vi.useRealTimers())

test('LeasedHold.lost fires before the end of the lease, whenever the store is cut off', async () => {
  vi.useFakeTimers()
  for (let time = 0; time < 3 * LEASE; time += 7) {
    const row = new Row()
    const { lost } = await row.hold()
    await vi.advanceTimersByTimeAsync(time)
    row.isCut = true
    await vi.advanceTimersByTimeAsync(row.until - Date.now() - 1)
    expect(lost.aborted).toBe(true)
    expect(lost.reason.message).toContain('its lease is over')
  }
})

test.each(['monotonic clock', 'wall clock'] as const)(
  'a signal that was kept is aborted by the %s before any timer has run',
  async (name) => {
    const clock: { now(): number } = name === 'wall clock' ? Date : performance
    const { lost } = await new Row().hold()
    expect(lost.aborted).toBe(false)
    expect(() => lost.throwIfAborted()).not.toThrow()
    const later = clock.now() + LEASE
    using _now = vi.spyOn(clock, 'now').mockReturnValue(later)
    const code = 'ERR_DISKCACHE_LOCK_LOST'
    expect(() => lost.throwIfAborted()).toThrow(expect.objectContaining({ code }))
    expect(lost.aborted).toBe(true)
    expect(lost.reason).toMatchObject({ code })
    expect(AbortSignal.any([lost]).aborted).toBe(true)
  },
)

test('LeasedHold is not renewed for longer than maxHold', async () => {
  vi.useFakeTimers()
  const row = new Row()
  const start = Date.now()
  const { lost } = await row.hold(3.5 * LEASE)
  await vi.advanceTimersByTimeAsync(3 * LEASE)
  expect(lost.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(0.5 * LEASE - 1)
  expect(lost.reason.message).toContain('it may be held for 350 ms at most (maxHold)')
  expect(row.until - start).toBe(3.5 * LEASE)
})

test('LeasedHold has no longer lease than maxHold', async () => {
  const row = new Row()
  const spec = { store: row.store, key: 'k', rowKey: ['k'], capacity: 1, lease: 10 * LEASE, maxHold: LEASE }
  const answer = await new Claim(spec).acquire('pass', {})
  expect(row.until - Date.now()).toBeLessThanOrEqual(LEASE)
  expect('token' in answer).toBe(true)
})
