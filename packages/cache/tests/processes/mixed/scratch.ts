import { checkStamped, FORMS, stamped } from '../stamped-value.ts'
import type { Invariant, WorkerContext } from './invariant.ts'

const TAGS = ['red', 'green', 'blue']

/** Keys that come and go, expire and are evicted: what is found under one was written to it, and is whole. */
export const scratch: Invariant<number> = {
  weight: 10,
  work: (context) => {
    let sequence = 0
    return {
      step: () => {
        if (context.random.chance(0.5)) write(context, sequence++)
        else if (context.random.chance(0.8)) look(context)
        else remove(context)
      },
      report: () => sequence,
    }
  },
  verify: (cache) => {
    for (const [key, value] of cache.entries({ prefix: 'scratch:' })) checkStamped(key as string, value)
    return undefined
  },
}

function write({ cache, random, id }: WorkerContext, sequence: number): void {
  const key = scratchKey({ random })
  const value = stamped({ key, writer: id, sequence }, random.pick(FORMS), random)
  const ttl = random.chance(0.5) ? random.below(200) : undefined
  const tag = random.chance(0.5) ? [random.pick(TAGS), random.pick(TAGS)] : undefined
  const kind = random.below(4)
  if (kind === 0) cache.add(key, value, { ttl, tag })
  else if (kind === 1) cache.setMany([[key, value]], { ttl, tag })
  else cache.set(key, value, { ttl, tag })
}

function look({ cache, random }: WorkerContext): void {
  const key = scratchKey({ random })
  const value = cache.get(key)
  if (value !== undefined) checkStamped(key, value)
  if (random.chance(0.3)) cache.touch(key, { ttl: random.below(100) })
}

function remove({ cache, random }: WorkerContext): void {
  const key = scratchKey({ random })
  const kind = random.below(8)
  if (kind < 4) cache.delete(key)
  else if (kind < 5) cache.deleteMany([key, scratchKey({ random })])
  else {
    const value = cache.pop(key)
    if (value !== undefined) checkStamped(key, value)
  }
}

function scratchKey({ random }: Pick<WorkerContext, 'random'>): string {
  return `scratch:${random.below(200)}`
}

/** What cleans up among the scratch keys, and must not touch any other. */
export const cleaning: Invariant<null> = {
  weight: 2,
  work: ({ cache, random }) => ({
    step: () => {
      const kind = random.below(6)
      if (kind === 0) cache.clear({ prefix: 'scratch:1' })
      else if (kind === 1) cache.evict(random.pick(TAGS))
      else if (kind === 2) cache.cull()
      else if (kind === 3) cache.stats()
      else cache.expire()
    },
    report: () => null,
  }),
  verify: () => undefined,
}
