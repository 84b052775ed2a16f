import { expect, test } from 'vitest'
import {
  type HoldRow,
  isHolder,
  liveHolds,
  timeToChance,
  withClaimant,
  withoutOwner,
  withRenewedHolder,
} from './hold-row.ts'
import { TURN_MS } from './wait-line.ts'

/** The time for which one holds, and that in which the living notice their turn at the latest, in milliseconds. */
const [HOLD, NOTICE] = [10, 30]

/** The time in milliseconds in which others may pass after a turn. */
const TENURE = 10
const LEASE = 1_000

interface Actor {
  readonly owner: string
  /** When it looks at the row next. */
  next: number
  asked: number
  isDead: boolean
}

/** A lock with the actors that want it, in steps of a millisecond of their own time. */
class Crowd {
  readonly waits: number[] = []
  readonly #capacity: number
  readonly #random: () => number
  #row: HoldRow | undefined
  #owners = 0
  #actors: Actor[] = []
  #now = 1_000_000

  constructor(size: number, capacity: number, random: () => number) {
    this.#capacity = capacity
    this.#random = random
    this.#actors = Array.from({ length: size }, () => this.#actor())
  }

  /** One of them dies, in the line or with a hold, and another takes its place. */
  kill(): void {
    const victim = this.#actors[Math.floor(this.#random() * this.#actors.length)] as Actor
    victim.isDead = true
    this.#actors.push(this.#actor())
  }

  step(): void {
    this.#now++
    for (const actor of this.#actors) if (!actor.isDead && this.#now >= actor.next) this.#act(actor)
    this.#actors = this.#actors.filter(({ isDead }) => !isDead)
    expect(liveHolds(this.#row, this.#now).length).toBeLessThanOrEqual(this.#capacity)
  }

  #act(actor: Actor): void {
    const admission = { owner: actor.owner, lease: LEASE, capacity: this.#capacity, line: 'join' as const }
    if (isHolder(this.#row, actor.owner)) {
      this.#row = withoutOwner(this.#row, admission, this.#now)
      Object.assign(actor, this.#actor())
      return
    }
    this.#row = withClaimant(this.#row, admission, this.#now) ?? this.#row
    const isIn = isHolder(this.#row, actor.owner)
    if (isIn) this.waits.push(this.#now - actor.asked)
    else expect(timeToChance(this.#row, admission, this.#now)).toBeGreaterThan(0)
    expect(timeToChance(this.#row, { ...admission, owner: 'other' }, this.#now)).toBeLessThanOrEqual(LEASE)
    actor.next = this.#now + (isIn ? HOLD : this.#random() * NOTICE)
  }

  #actor(): Actor {
    const asked = this.#now + 1
    return { owner: `${++this.#owners}`, next: asked, asked, isDead: false }
  }
}

test.for([
  [4, 1],
  [9, 3],
] as const)(
  'of %i with %i places nobody waits for longer than the turns of the others',
  ([size, capacity]) => {
    const crowd = new Crowd(size, capacity, Math.random)
    for (let i = 0; i < 20_000; i++) crowd.step()
    expect(crowd.waits.length).toBeGreaterThan(20_000 / (HOLD + NOTICE))
    expect(Math.max(...crowd.waits)).toBeLessThanOrEqual((size / capacity + 1) * (TENURE + HOLD + NOTICE))
  },
)

test('the dead cost the others their lease or their turn, and no more', () => {
  const crowd = new Crowd(4, 1, Math.random)
  for (let i = 0; i < 30_000; i++) {
    crowd.step()
    if (i % 1_500 === 0) crowd.kill()
  }
  expect(crowd.waits.length).toBeGreaterThan(100)
  expect(Math.max(...crowd.waits)).toBeLessThanOrEqual(LEASE + TURN_MS + 5 * (TENURE + HOLD + NOTICE))
})

test('a row of an earlier version is one that nobody waits for', () => {
  const row = { token: 7, holds: [{ owner: 'a', until: 2_000 }] }
  const admission = { owner: 'b', lease: LEASE, capacity: 1, line: 'follow' as const }
  expect(withClaimant(row, admission, 1_000)).toBeUndefined()
  expect(withClaimant(row, { ...admission, line: 'join' }, 1_000)).toEqual({ ...row, line: [{ owner: 'b' }] })
  expect(withoutOwner(row, { owner: 'a', capacity: 1 }, 1_000)).toEqual({ token: 7, holds: [] })
})

test('a turn that the end of a lease gave ends when the holder renews it after all', () => {
  const row = { token: 7, holds: [{ owner: 'a', until: 2_000 }], line: [{ owner: 'b' }] }
  const admission = { owner: 'c', lease: LEASE, capacity: 1, line: 'follow' as const }
  const turned = withClaimant(row, admission, 2_000)
  expect(turned?.line).toEqual([{ owner: 'b', until: 2_000 + TURN_MS }, { owner: 'c' }])
  const renewed = withRenewedHolder(turned, { ...admission, owner: 'a' }, 2_001)
  expect(renewed).toMatchObject({
    holds: [{ owner: 'a', until: 3_001 }],
    line: [{ owner: 'b' }, { owner: 'c' }],
  })
  expect(renewed?.line?.[0]).not.toHaveProperty('until')
})

test('a turn does not last for longer because the clock is set back', () => {
  const row = { token: 7, holds: [], line: [{ owner: 'dead', until: 3_600_000 }] }
  const admission = { owner: 'b', lease: LEASE, capacity: 1, line: 'join' as const }
  const waiting = withClaimant(row, admission, 1_000)
  expect(waiting?.line).toEqual([{ owner: 'dead', until: 1_000 + TURN_MS }, { owner: 'b' }])
  expect(timeToChance(waiting, admission, 1_000)).toBe(TURN_MS)
  expect(isHolder(withClaimant(waiting, admission, 1_000 + TURN_MS), 'b')).toBe(true)
})
