import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache, type Tag } from '@diskcache/cache'
import fc from 'fast-check'
import { test as base, describe, expect } from 'vitest'
import { craft } from './hostile/raw-database.ts'
import { missingPython, type PythonCache } from './python/peer.ts'
import { pythonTest } from './python/python-test.ts'

const missing = missingPython()
const python = pythonTest()

const test = base.extend<{ directory: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  directory: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-tags-'))
    await use(directory)
    rmSync(directory, { recursive: true, force: true })
  },
})

/** What the index of further tags should have. */
const STORED = `
  SELECT each.value AS tag, Cache.rowid AS entry FROM Cache, json_each(node_tags) AS each ORDER BY entry, tag`

/** Expects the index of further tags to be what the rows say, in a directory that nobody has open. */
function expectSameIndex(directory: string): void {
  craft(directory, (database) => {
    const indexed = database.prepare('SELECT tag, entry FROM node_tagged ORDER BY entry, tag')
    expect(indexed.all()).toEqual(database.prepare(STORED).all())
  })
}

/** The keys of each tag, as found by iterating. */
function found(cache: Cache): Record<string, unknown[]> {
  return Object.fromEntries(['x', 'y', 'z'].map((tag) => [tag, [...cache.keys({ tag })]]))
}

describe('several tags', () => {
  test('are found the same with an index, that comes and goes, and without', ({ directory }) => {
    using cache = new Cache(directory)
    using other = new Cache(directory)
    const tagsOf = (i: number): Tag[] => [i % 2 ? 'x' : 'y', ...(i % 3 ? ['z'] : []), i]
    for (let i = 0; i < 450; i++) cache.set(i, i, { tag: tagsOf(i) })
    const before = found(cache)
    expect(before.z).toHaveLength(300)
    cache.configure({ tagIndex: true })
    for (const store of [cache, other]) expect(found(store)).toEqual(before)
    expect([...other.keys({ tag: 'z', reverse: true })]).toEqual(before.z!.toReversed())
    other.set('more', 1, { tag: ['y', 'x', 'z'] })
    other.delete(1)
    expect([...cache.keys({ tag: 'z' })]).toEqual([...before.z!.slice(1), 'more'])
    other.configure({ tagIndex: false })
    other.set('without', 1, { tag: ['y', 'x', 'z'] })
    expect([...cache.keys({ tag: 'z' })].slice(-2)).toEqual(['more', 'without'])
    cache.configure({ tagIndex: true })
    expect([cache.evict('z'), other.evict('z'), other.size]).toEqual([301, 0, 150])
    expect(other.evict(['x', 'y'])).toBe(150)
    expect(cache.check()).toEqual([])
  })
})

describe('several tags and their index', () => {
  test('stay in the index what they are in the rows, whatever happens to these', ({ directory }) => {
    const key = fc.constantFrom('a', 'b', 'c')
    const tags = fc.subarray(['x', 'y', 'z'])
    const step = fc.oneof(
      fc.tuple(key, tags).map(
        ([key, tag]) =>
          (cache: Cache) =>
            cache.set(key, 1, { tag }),
      ),
      fc.tuple(key, tags).map(
        ([key, tag]) =>
          (cache: Cache) =>
            cache.set(key, 'x'.repeat(40_000), { tag }),
      ),
      fc.tuple(key, tags).map(
        ([key, tag]) =>
          (cache: Cache) =>
            cache.update(key, () => ({ set: 2, tag })),
      ),
      key.map((key) => (cache: Cache) => cache.set(key, 1)),
      key.map((key) => (cache: Cache) => cache.delete(key)),
      fc.tuple(key, key).map(
        ([from, to]) =>
          (cache: Cache) =>
            cache.rename(from, to),
      ),
      fc.constantFrom('x', 'y').map((tag) => (cache: Cache) => cache.evict(tag)),
      fc.boolean().map((tagIndex) => (cache: Cache) => cache.configure({ tagIndex })),
      fc.constant((cache: Cache) => cache.clear()),
    )
    const property = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const cache = new Cache(directory)
      for (const run of steps) run(cache)
      cache.configure({ tagIndex: true })
      cache.close()
      expectSameIndex(directory)
    })
    fc.assert(property, { numRuns: 25 })
  })

  test('leave the index with all entries at once', ({ directory }) => {
    const cache = new Cache(directory, { tagIndex: true })
    cache.setMany(Array.from({ length: 11_000 }, (_, i) => [i, i, { tag: ['x', 'y'] }] as const))
    expect(cache.clear()).toBe(11_000)
    cache.set('new', 1, { tag: ['x', 'y'] })
    cache.close()
    expectSameIndex(directory)
  })

  test('that are damaged are none, and keep nobody from making the index', ({ directory }) => {
    const cache = new Cache(directory, { checksums: false })
    cache.set('k', 1, { tag: ['x', 'y'] })
    cache.close()
    craft(directory, (database) => database.exec('UPDATE Cache SET node_tags = \'["y"\', node_sum = -9'))
    using again = new Cache(directory, { tagIndex: true })
    expect([again.getEntry('k')?.tags, again.evict('y'), again.evict('x')]).toEqual([['x'], 0, 1])
  })

  test('count for the checksum of their entry', ({ directory }) => {
    const cache = new Cache(directory)
    cache.set('k', 1, { tag: ['x', 'y'] })
    cache.close()
    craft(directory, (database) => database.exec('UPDATE Cache SET node_tags = \'["z"]\''))
    using again = new Cache(directory)
    expect(again.check().map(({ kind }) => kind)).toEqual(['wrong-checksum'])
    expect(again.get('k')).toBeUndefined()
  })
})

const reason = missing === undefined ? '' : ` (skipped: ${missing})`

describe.skipIf(missing !== undefined)(`several tags, and Python${reason}`, () => {
  python(
    'the first is what Python sees, and what it overwrites has its own alone',
    async ({ directory, python }) => {
      using cache = new Cache(directory)
      cache.set('k', 1, { tag: ['x', 'y'] })
      cache.set('l', 1, { tag: ['x', 'y'] })
      const peer = await python.open(directory)
      expect(await peer.getEntry('k')).toEqual([1, null, 'x'])
      await peer.set('k', 2, { tag: 'z' })
      expect([cache.getEntry('k')?.tags, cache.evict('y')]).toEqual([['z'], 1])
      cache.set('k', 1, { tag: ['z', 'y'] })
      expect([await peer.call('evict', ['y']), await peer.call('evict', ['z'])]).toEqual([0, 1])
    },
  )

  python(
    'a directory whose index Python made or dropped is searched all the same',
    async ({ directory, python }) => {
      using cache = new Cache(directory)
      const peer = await python.open(directory)
      await peer.call('create_tag_index')
      cache.set('a', 1, { tag: ['x', 'y'] })
      expect([[...cache.keys({ tag: 'y' })], cache.settings.tagIndex]).toEqual([['a'], true])
      cache.configure({ tagIndex: true })
      await peer.call('drop_tag_index')
      cache.set('b', 1, { tag: ['x', 'y'] })
      expect([[...cache.keys({ tag: 'y' })], cache.evict('y')]).toEqual([['a', 'b'], 2])
    },
  )

  python(
    'what Python makes or drops of the index, Node completes when it is asked to',
    async ({ directory, python }) => {
      using cache = new Cache(directory)
      cache.set('a', 1, { tag: ['x', 'y'] })
      const peer = await python.open(directory)
      const indexes = async () =>
        (await peer.rows('SELECT name FROM sqlite_master'))
          .map(([name]) => name)
          .filter((name) => name === 'Cache_tag_rowid' || name === 'node_tagged')
          .toSorted()
      await peer.call('create_tag_index')
      expect(await indexes()).toEqual(['Cache_tag_rowid'])
      cache.configure({ tagIndex: true })
      expect(await indexes()).toEqual(['Cache_tag_rowid', 'node_tagged'])
      await peer.call('drop_tag_index')
      new Cache(directory, { tagIndex: false }).close()
      expect(await indexes()).toEqual([])
      await peer.call('create_tag_index')
      new Cache(directory, { tagIndex: true }).close()
      expect(await indexes()).toEqual(['Cache_tag_rowid', 'node_tagged'])
      expect([...cache.keys({ tag: 'y' })]).toEqual(['a'])
    },
  )
})

describe.skipIf(missing !== undefined)(`several tags that Node and Python change${reason}`, () => {
  type Step = (cache: Cache, peer: PythonCache) => unknown
  const key = fc.constantFrom('a', 'b', 'c')
  const tags = fc.subarray(['x', 'y', 'z'])

  /** Each step changes the model, and is what Node or Python does; the latter gives one tag at most, and sees the first. */
  type ModelStep = (model: Map<string, readonly string[]>) => Step
  const steps: fc.Arbitrary<ModelStep>[] = [
    fc.tuple(key, tags).map(([key, tag]) => (model) => {
      model.set(key, tag)
      return (cache) => cache.set(key, 1, { tag })
    }),
    fc.tuple(key, fc.constantFrom('x', 'y', null)).map(([key, tag]) => (model) => {
      model.set(key, tag === null ? [] : [tag])
      return (_, peer) => peer.set(key, 2, { tag })
    }),
    key.map((key) => (model) => {
      model.delete(key)
      return (_, peer) => peer.call('delete', [key])
    }),
    key.map((key) => (model) => {
      if (!model.has(key)) model.set(key, [])
      return (_, peer) => peer.call('incr', [key])
    }),
    fc.tuple(key, fc.constantFrom('expire', 'cull')).map(([key, remove]) => (model) => {
      model.delete(key)
      return async (_, peer) => {
        await peer.call('touch', [key], { expire: -1 })
        await peer.call(remove)
      }
    }),
    fc.constantFrom('x', 'y', 'z').map((tag) => (model) => {
      for (const [key, tags] of model) if (tags[0] === tag) model.delete(key)
      return (_, peer) => peer.call('evict', [tag])
    }),
    fc.constantFrom('x', 'y', 'z').map((tag) => (model) => {
      for (const [key, tags] of model) if (tags.includes(tag)) model.delete(key)
      return (cache) => cache.evict(tag)
    }),
  ]

  python.for([true, false])(
    'agree with a model, with the index %o',
    async (tagIndex, { directory, python }) => {
      using cache = new Cache(directory, { tagIndex })
      const peer = await python.open(directory)
      const property = fc.asyncProperty(fc.array(fc.oneof(...steps), { maxLength: 20 }), async (history) => {
        cache.clear()
        const model = new Map<string, readonly string[]>()
        for (const step of history) await step(model)(cache, peer)
        expect(Object.fromEntries([...model.keys()].map((key) => [key, cache.getEntry(key)?.tags]))).toEqual(
          Object.fromEntries(model),
        )
        for (const tag of ['x', 'y', 'z']) {
          const tagged = [...model].filter(([, tags]) => tags.includes(tag)).map(([key]) => key)
          expect([...cache.keys({ tag })].toSorted()).toEqual(tagged.toSorted())
          expect(cache.evict(tag)).toBe(tagged.length)
          for (const key of tagged) model.delete(key)
        }
      })
      await fc.assert(property, { numRuns: 40 })
    },
  )
})
