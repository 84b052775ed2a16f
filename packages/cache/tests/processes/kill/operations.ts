import { setTimeout } from 'node:timers/promises'
import type { Cache } from '@diskcache/cache'
import type { Random } from '../random.ts'
import { FORMS, stamped } from '../stamped-value.ts'
import type { Expected, Keyspace } from './keyspace.ts'

/** One step of a writer, which a kill leaves done or not done, and nothing in between. */
export interface Operation {
  apply(cache: Cache): unknown
  /** The same on the model. */
  expect(space: Keyspace): void
}

/** What an operation is made from; the same again whenever it is made again. */
export interface Draft {
  readonly random: Random
  readonly prefix: string
  readonly writer: number
  readonly sequence: number
}

class Undone extends Error {}

const DAY = 86_400_000

function set(draft: Draft): Operation {
  const key = anyKey(draft)
  const expected = anyValue(draft, key)
  return {
    apply: (cache) => cache.set(key, expected.value, { tag: expected.tag }),
    expect: ({ entries }) => entries.set(key, expected),
  }
}

function add(draft: Draft): Operation {
  const key = anyKey(draft)
  const expected = anyValue(draft, key)
  return {
    apply: (cache) => cache.add(key, expected.value, { tag: expected.tag }),
    expect: ({ entries }) => {
      if (!entries.has(key)) entries.set(key, expected)
    },
  }
}

function update(draft: Draft): Operation {
  const key = anyKey(draft)
  const expected = anyValue(draft, key)
  return {
    apply: (cache) => cache.update(key, () => ({ set: expected.value, ttl: DAY })),
    expect: ({ entries }) => entries.set(key, { ...expected, tag: entries.get(key)?.tag }),
  }
}

function remove(draft: Draft): Operation {
  const key = anyKey(draft)
  const pops = draft.random.chance(0.5)
  return {
    apply: (cache) => (pops ? cache.pop(key) : cache.delete(key)),
    expect: ({ entries }) => entries.delete(key),
  }
}

function setMany(draft: Draft): Operation {
  const changes = anyChanges(draft)
  return {
    apply: (cache) => cache.setMany(changes.map(([key, { value, tag }]) => [key, value, { tag }])),
    expect: (space) => assign(space, changes),
  }
}

function deleteMany(draft: Draft): Operation {
  const keys = anyChanges(draft).map(([key]) => key)
  return {
    apply: (cache) => cache.deleteMany(keys),
    expect: ({ entries }) => {
      for (const key of keys) entries.delete(key)
    },
  }
}

/** A batch with a nested part that fails and one that succeeds; sometimes the whole fails. */
function transact(draft: Draft): Operation {
  const [first, lost, nested] = [anyChanges(draft), anyChanges(draft), anyChanges(draft)]
  const removed = anyKey(draft)
  const fails = draft.random.chance(0.2)
  return {
    apply: (cache) =>
      attempt(() =>
        cache.transact(() => {
          write(cache, first)
          attempt(() => cache.transact(() => undo(cache, lost)))
          cache.transact(() => write(cache, nested))
          cache.delete(removed)
          if (fails) throw new Undone()
        }),
      ),
    expect: (space) => {
      if (fails) return
      assign(space, first)
      assign(space, nested)
      space.entries.delete(removed)
    },
  }
}

/** Its source takes its time, so that many kills fall into it. */
function stream(draft: Draft): Operation {
  const key = anyKey(draft)
  const text = Buffer.from(`${key} ${draft.sequence}`.repeat(1 + draft.random.below(2_000)))
  return {
    apply: (cache) => cache.write(key, slowly(text)),
    expect: ({ entries }) => entries.set(key, { value: text, tag: undefined, isFile: true }),
  }
}

function push(draft: Draft): Operation {
  const expected = anyValue(draft, draft.prefix)
  return {
    apply: (cache) => cache.push(expected.value, { prefix: draft.prefix }),
    expect: ({ queue }) => queue.push(expected),
  }
}

function pull({ prefix }: Draft): Operation {
  return { apply: (cache) => cache.pull({ prefix }), expect: ({ queue }) => queue.shift() }
}

function evict({ prefix }: Draft): Operation {
  return {
    apply: (cache) => cache.evict(prefix),
    expect: ({ entries }) => {
      for (const [key, { tag }] of entries) if (tag === prefix) entries.delete(key)
    },
  }
}

/** What changes nothing in the keyspace, but writes nevertheless. */
function maintain(draft: Draft): Operation {
  const key = anyKey(draft)
  const act = draft.random.pick<(cache: Cache) => unknown>([
    (cache) => cache.expire(),
    (cache) => cache.cull(),
    (cache) => cache.touch(key, { ttl: DAY }),
    (cache) => cache.get(key),
    (cache) => cache.check({ fix: true }),
  ])
  return { apply: act, expect: () => {} }
}

const KINDS = [
  set,
  set,
  set,
  set,
  add,
  update,
  remove,
  setMany,
  deleteMany,
  transact,
  transact,
  stream,
  stream,
]
const RARE = [push, push, push, pull, pull, evict, maintain]

export function makeOperation(draft: Draft): Operation {
  const make = draft.random.pick(draft.random.chance(0.7) ? KINDS : RARE)
  return make(draft)
}

function anyKey({ random, prefix }: Draft): string {
  return `${prefix}/${random.below(16)}`
}

function anyValue({ random, prefix, writer, sequence }: Draft, key: string): Expected {
  const form = random.pick(FORMS)
  const value = stamped({ key, writer, sequence }, form, random)
  return { value, tag: random.chance(0.2) ? prefix : undefined, isFile: form.startsWith('file') }
}

function anyChanges(draft: Draft): [string, Expected][] {
  return Array.from({ length: 1 + draft.random.below(5) }, () => {
    const key = anyKey(draft)
    return [key, anyValue(draft, key)]
  })
}

function assign({ entries }: Keyspace, changes: readonly [string, Expected][]): void {
  for (const [key, expected] of changes) entries.set(key, expected)
}

function write(cache: Cache, changes: readonly [string, Expected][]): void {
  for (const [key, { value, tag }] of changes) cache.set(key, value, { tag })
}

function undo(cache: Cache, changes: readonly [string, Expected][]): never {
  write(cache, changes)
  throw new Undone()
}

function attempt(body: () => void): void {
  try {
    body()
  } catch (error) {
    if (!(error instanceof Undone)) throw error
  }
}

async function* slowly(bytes: Buffer): AsyncGenerator<Uint8Array> {
  const part = Math.ceil(bytes.length / 4)
  for (let at = 0; at < bytes.length; at += part) {
    yield bytes.subarray(at, at + part)
    await setTimeout(1)
  }
}
