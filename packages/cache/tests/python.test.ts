import { channel } from 'node:diagnostics_channel'
import { Readable } from 'node:stream'
import { Cache, Disk, EncryptedDisk, ForeignKey, JSONDisk, type Key } from '@diskcache/cache'
import { test as baseTest, describe, expect, onTestFinished } from 'vitest'
import { Child, meet, results } from './processes/child.ts'
import { isDamage } from './processes/soundness.ts'
import type { IncrJob } from './python/incr-worker.ts'
import { missingPython, type PythonCache, PythonPeer, type PythonValue, Source } from './python/peer.ts'
import { pythonTest } from './python/python-test.ts'

const missing = missingPython()
const isRequired = process.env.DISKCACHE_REQUIRE_PYTHON !== undefined
const reason = missing === undefined ? '' : ` (skipped: ${missing})`

const test = pythonTest()
const jsonTest = pythonTest({ disk: JSONDisk, python: 'ValueJSONDisk' })
const encrypted = new EncryptedDisk({ keys: [Buffer.alloc(32, 1)] })
const encryptedTest = pythonTest({ disk: encrypted, python: 'Disk' })

baseTest.runIf(isRequired)('DISKCACHE_REQUIRE_PYTHON: Python has diskcache', () => {
  expect(missing).toBe(undefined)
})

function suite(name: string, body: () => void): void {
  describe.skipIf(missing !== undefined)(`Python and Node: ${name}${reason}`, body)
}

interface Sample {
  readonly what: string
  readonly value: PythonValue
  /** The same in Python. */
  readonly source: string
}

const SAMPLES: readonly Sample[] = [
  { what: 'an empty string', value: '', source: "''" },
  { what: 'a unicode string', value: 'naïve ☃ 😀', source: "'naïve ☃ 😀'" },
  { what: 'a string with NUL', value: 'a\0b\0', source: "'a\\0b\\0'" },
  { what: 'a string with newlines', value: 'a\r\nb\rc\n', source: "'a\\r\\nb\\rc\\n'" },
  { what: 'a string that looks like a number', value: '007', source: "'007'" },
  { what: 'zero', value: 0, source: '0' },
  { what: 'a negative integer', value: -42, source: '-42' },
  { what: 'the largest safe integer', value: Number.MAX_SAFE_INTEGER, source: '2**53 - 1' },
  { what: 'the smallest safe integer', value: Number.MIN_SAFE_INTEGER, source: '-(2**53 - 1)' },
  { what: 'an unsafe integer', value: 2n ** 53n + 1n, source: '2**53 + 1' },
  { what: 'the largest int64', value: 2n ** 63n - 1n, source: '2**63 - 1' },
  { what: 'the smallest int64', value: -(2n ** 63n), source: '-2**63' },
  { what: 'a fraction', value: 0.1, source: '0.1' },
  { what: 'negative zero', value: -0, source: '-0.0' },
  { what: 'the smallest double', value: 5e-324, source: '5e-324' },
  { what: 'infinity', value: Infinity, source: "float('inf')" },
  { what: 'negative infinity', value: -Infinity, source: "-float('inf')" },
  { what: 'no bytes', value: Buffer.alloc(0), source: "b''" },
  { what: 'all bytes', value: Buffer.from([...Array(256).keys()]), source: 'bytes(range(256))' },
  { what: 'null', value: null, source: 'None' },
  { what: 'a large string', value: 'line ☃\n'.repeat(10_000), source: "'line ☃\\n' * 10000" },
  { what: 'a string large only in bytes', value: '☃'.repeat(20_000), source: "'☃' * 20000" },
  { what: 'large bytes', value: Buffer.alloc(100_000, '\0\r\n'), source: "(b'\\0\\r\\n' * 33334)[:100000]" },
]

/** Python pickles None. */
const PYTHON_SAMPLES = SAMPLES.filter(({ value }) => value !== null)

const KEYS = PYTHON_SAMPLES.filter(({ value }) => !Object.is(value, -0))

suite('metadata', () => {
  const body = Buffer.from('<p>Hello</p>')
  const write = (cache: Cache, key: string) =>
    cache.write(key, Readable.from([body]), { metadata: { type: 'text/html' }, tag: 'page' })

  test('Python passes over what Cache.write() keeps beside the bytes', async ({ directory, python }) => {
    using cache = new Cache(directory)
    for (const key of ['key', 'popped', 'touched', 'replaced', 'counted']) await write(cache, key)
    const peer = await python.open(directory)
    expect(await peer.getEntry('key')).toEqual([body, null, 'page'])
    expect(await peer.call('read', ['key'])).toEqual([body])
    expect(await peer.call('pop', ['popped'])).toEqual(body)
    expect(await peer.keys()).toEqual(['key', 'touched', 'replaced', 'counted'])
    await expect(peer.call('incr', ['counted'])).rejects.toThrow()
    expect(await peer.check()).toEqual([])
    expect(await peer.call('touch', ['touched', 60])).toBe(true)
    expect(cache.getEntry('touched')).toMatchObject({ value: body, metadata: { type: 'text/html' } })
    expect(cache.getEntry('counted')).toMatchObject({ value: body, metadata: { type: 'text/html' } })
    expect(cache.check().filter(isDamage)).toEqual([])
  })

  test('what Python sets has no metadata, also in the place of what had', async ({ directory, python }) => {
    using cache = new Cache(directory)
    const peer = await python.open(directory)
    for (const value of [body, 'text', Buffer.alloc(100_000)]) {
      await write(cache, 'key')
      await peer.set('key', value)
      expect(cache.getEntry('key')).toStrictEqual({ value, expireTime: null, tags: [] })
    }
    await write(cache, 'key')
    expect(await peer.call('evict', ['page'])).toBe(1)
    expect(await peer.count()).toBe(0)
  })
})

suite('values', () => {
  test.for(SAMPLES)(
    'Cache.set() writes $what for Python to read',
    async ({ value, source }, { directory, python }) => {
      using cache = new Cache(directory)
      cache.set('key', value)
      const peer = await python.open(directory)
      expect(await peer.show('key')).toBe(await python.show(source))
    },
  )

  test.for(PYTHON_SAMPLES)(
    'Cache.get() reads $what that Python wrote',
    async ({ value, source }, { directory, python }) => {
      const peer = await python.open(directory)
      await peer.set('key', new Source(source))
      using cache = new Cache(directory)
      expect(cache.get('key')).toStrictEqual(value)
      expect(cache.has('key')).toBe(true)
    },
  )

  test('Cache.get() keeps \\r\\n in a large string that Python wrote', async ({ directory, python }) => {
    const peer = await python.open(directory)
    await peer.set('key', new Source("'a\\r\\nb\\rc\\n' * 20000"))
    using cache = new Cache(directory)
    expect(cache.get('key')).toBe('a\r\nb\rc\n'.repeat(20_000))
  })

  test('Cache.read() gives parts of what Python wrote', async ({ directory, python }) => {
    const peer = await python.open(directory)
    using cache = new Cache(directory)
    for (const [source, length] of [
      ["'ab'", 2],
      ["'ab' * 20000", 40_000],
      ["b'ab' * 800000", 1_600_000],
    ] as const) {
      await peer.set('key', new Source(source))
      expect(String(Buffer.concat(await cache.read('key', { start: length - 1 })!.toArray()))).toBe('b')
      expect(await cache.read('key', { start: length })!.toArray()).toEqual([])
    }
  })

  test('Cache.get() gives a float that Python wrote as a number', async ({ directory, python }) => {
    const peer = await python.open(directory)
    await peer.set('key', new Source('1.0'))
    using cache = new Cache(directory)
    expect(cache.get('key')).toBe(1)
  })

  test('Cache.set() replaces what Python wrote, and the reverse', async ({ directory, python }) => {
    const peer = await python.open(directory)
    using cache = new Cache(directory)
    const small = 'small'
    const large = Buffer.alloc(50_000, 'x')
    for (const value of [small, large, small, large, large]) {
      cache.set('key', value)
      expect(await peer.get('key')).toStrictEqual(value)
      await peer.set('key', `${value.length} by Python`)
      expect(cache.get('key')).toBe(`${value.length} by Python`)
    }
    await peer.set('key', large)
    expect(cache.pop('key')).toStrictEqual(large)
    expect(await peer.count()).toBe(0)
  })

  test('Cache.set() writes what only Node reads, which is None in Python', async ({ directory, python }) => {
    using cache = new Cache(directory)
    cache.set('key', { a: [true] })
    const peer = await python.open(directory)
    expect(await peer.get('key')).toBe(null)
    expect(cache.get('key')).toEqual({ a: [true] })
  })
})

suite('keys', () => {
  test.for(KEYS)(
    'Cache.set() makes a key of $what that Python finds',
    async ({ value, source }, { directory, python }) => {
      using cache = new Cache(directory)
      cache.set(value as Key, 'found')
      const peer = await python.open(directory)
      expect(await peer.get(new Source(source))).toBe('found')
      expect(await peer.keys()).toStrictEqual([value])
    },
  )

  test.for(KEYS)(
    'Cache.get() finds a key that Python made of $what',
    async ({ value, source }, { directory, python }) => {
      const peer = await python.open(directory)
      await peer.set(new Source(source), 'found')
      using cache = new Cache(directory)
      expect(cache.get(value as Key)).toBe('found')
      expect([...cache.keys()]).toStrictEqual([value])
    },
  )

  test('Cache.get() takes 1 for the key 1.0 of Python', async ({ directory, python }) => {
    const peer = await python.open(directory)
    await peer.set(new Source('1.0'), 'found')
    using cache = new Cache(directory)
    expect(cache.get(1)).toBe('found')
    expect(cache.get(1n)).toBe('found')
  })
})

suite('expiry and tags', () => {
  test('Cache.set() writes expiry and tag for Python to read', async ({ directory, python }) => {
    using cache = new Cache(directory)
    cache.set('key', 'value', { ttl: 60_001, tag: 'tag' })
    const peer = await python.open(directory)
    const [value, expireTime, tag] = await peer.getEntry('key')
    expect([value, tag]).toEqual(['value', 'tag'])
    expect(Math.round(expireTime! * 1e3)).toBe(cache.getEntry('key')?.expireTime)
  })

  test('Cache.getEntry() reads expiry and tag that Python wrote', async ({ directory, python }) => {
    const peer = await python.open(directory)
    await peer.set('key', 'value', { expire: 60.0015, tag: 7 })
    const [, expireTime] = await peer.getEntry('key')
    using cache = new Cache(directory)
    const entry = { value: 'value', expireTime: Math.round(expireTime! * 1e3), tags: [7] }
    expect(cache.getEntry('key')).toStrictEqual(entry)
    using later = new Cache(directory, { clock: () => entry.expireTime + 1 })
    expect(later.getEntry('key')).toBe(undefined)
  })

  test('Cache.set() writes an expired entry that is none in Python', async ({ directory, python }) => {
    using cache = new Cache(directory, { clock: () => Date.now() - 10_000 })
    cache.set('key', 'value', { ttl: 9_000 })
    expect(cache.get('key')).toBe('value')
    const peer = await python.open(directory)
    expect(await peer.get('key')).toBe(null)
    expect(await peer.call('expire')).toBe(1)
  })

  test('Cache.touch() and expire() change what Python wrote', async ({ directory, python }) => {
    const peer = await python.open(directory, { cull_limit: 0 })
    await peer.set('kept', 'value', { expire: 1_000 })
    await peer.set('expired', new Source("'x' * 50000"), { expire: -1 })
    using cache = new Cache(directory)
    expect(cache.touch('kept', { ttl: Infinity })).toBe(true)
    expect(cache.expire()).toBe(1)
    expect(await peer.getEntry('kept')).toEqual(['value', null, null])
    expect(await peer.count()).toBe(1)
  })

  test('Cache.evict() removes entries by the tag that Python gave, and the reverse', async ({
    directory,
    python,
  }) => {
    const peer = await python.open(directory, { tag_index: 1 })
    using cache = new Cache(directory)
    expect(cache.settings.tagIndex).toBe(true)
    await peer.set('by Python', 1, { tag: 'a' })
    cache.set('by Node', 2, { tag: 'b' })
    expect(cache.evict('a')).toBe(1)
    expect(await peer.call('evict', ['b'])).toBe(1)
    expect(cache.size).toBe(0)
  })
})

suite('queues', () => {
  const ends = [undefined, 'jobs'].flatMap((prefix) =>
    (['back', 'front'] as const).map((side) => ({ prefix, side })),
  )

  test.for(ends)(
    'Cache.push() and Python share the $side of queue $prefix',
    async (end, { directory, python }) => {
      const peer = await python.open(directory)
      using cache = new Cache(directory)
      const keys = [
        cache.push('a', end),
        await peer.push('b', end),
        cache.push(Buffer.alloc(40_000), end),
        await peer.push(4, end),
      ]
      const step = end.side === 'back' ? 1 : -1
      const first = 500_000_000_000_000
      const numbers = [first, first + step, first + 2 * step, first + 3 * step]
      expect(keys).toEqual(end.prefix === undefined ? numbers : numbers.map((n) => `${end.prefix}-${n}`))

      const opposite = { ...end, side: end.side === 'back' ? 'front' : 'back' } as const
      expect(await peer.pull(opposite)).toEqual([keys[0], 'a'])
      expect(cache.pull(opposite)).toMatchObject({ key: keys[1], value: 'b' })
      expect(await peer.pull(end)).toEqual([keys[3], 4])
      expect(cache.peek(end)).toMatchObject({ key: keys[2] })
      expect(await peer.pull(opposite)).toEqual([keys[2], Buffer.alloc(40_000)])
      expect(cache.pull(end)).toBe(undefined)
      expect(await peer.pull(end)).toEqual([null, null])
    },
  )
})

suite('the size limit', () => {
  const LIMIT = 2 * 1024 * 1024
  const writers = ['Node', 'Python']

  /** Both write at the same time, far more than fits. */
  async function fill(cache: Cache, peer: PythonCache, rounds: number, length: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const key = new Source(`f'python ${round} {i}'`)
      const done = peer.repeat(100, 'set', [key, 'x'.repeat(length)])
      for (let i = 0; i < 100; i++) cache.set(`node ${round} ${i}`, 'x'.repeat(length))
      await done
    }
  }

  test.for(writers)('keeps a full cache full that %s created', async (creator, { directory, python }) => {
    if (creator === 'Node') new Cache(directory, { sizeLimit: LIMIT }).close()
    const peer = await python.open(directory, creator === 'Node' ? {} : { size_limit: LIMIT })
    using cache = new Cache(directory)
    expect(cache.settings.sizeLimit).toBe(LIMIT)
    await fill(cache, peer, 20, 1_000)
    // One or three rows fill a page, of 2,048 or 4,096 bytes.
    expect(cache.size).toBeGreaterThan(creator === 'Node' ? 900 : 1_300)
    expect(cache.volume()).toBeLessThan(LIMIT * 1.1)
    const keys = [...cache.keys()] as string[]
    for (const side of ['node', 'python']) {
      expect(keys.filter((key) => key.startsWith(side)).length).toBeGreaterThan(cache.size / 4)
    }
  })

  test.for(writers)('keeps a cache full of files that %s created', async (creator, { directory, python }) => {
    const settings = { sizeLimit: LIMIT, minFileSize: 4_096 }
    if (creator === 'Node') new Cache(directory, settings).close()
    const pythonSettings = { size_limit: LIMIT, disk_min_file_size: 4_096 }
    const peer = await python.open(directory, creator === 'Node' ? {} : pythonSettings)
    using cache = new Cache(directory)
    await fill(cache, peer, 4, 8_192)
    // Files of 8 KiB, and those of Python with two directories each, which Python does not count, nor what is being written.
    expect(cache.size).toBeGreaterThan(150)
    expect(cache.size).toBeLessThanOrEqual(260)
    expect(cache.volume()).toBeLessThan(LIMIT * 1.6)
  })
})

suite('one directory in use by both', () => {
  test('new Cache() adapts a directory that Python has open, which goes on working', async ({
    directory,
    python,
  }) => {
    const peer = await python.open(directory)
    await peer.set('before', 1)
    using cache = new Cache(directory)
    cache.set('by Node', 'x'.repeat(50_000))
    await peer.set('after', new Source("'y' * 50000"))
    expect(await peer.get('by Node')).toBe('x'.repeat(50_000))
    expect([...cache.keys()]).toEqual(['before', 'by Node', 'after'])
    expect(await peer.call('delete', ['by Node'])).toBe(true)
    expect(cache.size).toBe(2)
    expect(cache.check().filter(isDamage)).toEqual([])
    expect(await peer.check()).toEqual([])
  })

  test('new Cache() with readonly reads a directory of Python without adapting it', async ({
    directory,
    python,
  }) => {
    const peer = await python.open(directory)
    await peer.set('key', 'value')
    const schema = await peer.rows('SELECT sql FROM sqlite_master')
    {
      using cache = new Cache(directory, { readonly: true })
      expect(cache.get('key')).toBe('value')
    }
    expect(await peer.rows('SELECT sql FROM sqlite_master')).toEqual(schema)
  })

  test('Cache.set() goes on after Python opened, wrote and closed a directory of Node', async ({
    directory,
    python,
  }) => {
    using cache = new Cache(directory, { tagIndex: true })
    cache.set('a', { only: 'Node' })
    for (const i of [1, 2]) {
      const peer = await python.open(directory)
      await peer.set(`python ${i}`, i, { tag: 'tag' })
      await peer.close()
      cache.set(`node ${i}`, i, { pin: true })
    }
    expect(Object.fromEntries(cache)).toEqual({
      a: { only: 'Node' },
      'python 1': 1,
      'node 1': 1,
      'python 2': 2,
      'node 2': 2,
    })
  })

  test('Cache.incr() counts exactly in two Node and two Python processes', { timeout: 30_000 }, async ({
    directory,
    python,
  }) => {
    using secondPython = new PythonPeer()
    const times = 1_000
    const job: IncrJob = { directory, times }
    const worker = new URL('./python/incr-worker.ts', import.meta.url)
    const children = [job, job].map((job) => Child.process<void>(worker, job, { limit: 20_000 }))
    const peers = [await python.open(directory), await secondPython.open(directory)]
    await meet(children)
    await Promise.all([
      results(children),
      ...peers.map((peer) => peer.repeat(times, 'incr', ['counter'], { retry: true })),
    ])
    using cache = new Cache(directory)
    expect(cache.get('counter')).toBe(4 * times)
  })
})

suite('pickles', () => {
  const pickles = ["{'a': [1]}", '[1, 2]', 'None', 'True', '(1, 2)', '2**64', "'x' * 10, b'y' * 50000"]

  test.for(pickles)(
    'Cache.get() refuses the pickled value %s and leaves it',
    async (source, { directory, python }) => {
      const peer = await python.open(directory)
      await peer.set('key', new Source(source))
      const stored = 'SELECT raw, mode, filename, size, value FROM Cache'
      const before = await peer.rows(stored)
      using cache = new Cache(directory)
      const foreign = expect.objectContaining({ code: 'ERR_DISKCACHE_FOREIGN_VALUE', key: 'key' })
      expect(() => cache.get('key')).toThrow(foreign)
      expect(() => cache.getEntry('key')).toThrow(foreign)
      expect(() => cache.getMany(['key'])).toThrow(foreign)
      expect(() => cache.pop('key')).toThrow(foreign)
      expect(() => cache.read('key')).toThrow(foreign)
      expect(() => cache.incr('key')).toThrow(foreign)
      expect(() => [...cache]).toThrow(foreign)
      expect([...cache.entries({ foreign: 'skip' })]).toEqual([])
      expect([...cache.keys()]).toEqual(['key'])
      expect(await peer.rows(stored)).toStrictEqual(before)
      expect(await peer.show('key')).toBe(await python.show(source))
      expect(cache.delete('key')).toBe(true)
      expect(await peer.count()).toBe(0)
    },
  )

  test('Cache.pull() refuses a pickled item and leaves it', async ({ directory, python }) => {
    const peer = await python.open(directory)
    const key = await peer.push(new Source('[1]'))
    using cache = new Cache(directory)
    const foreign = expect.objectContaining({ code: 'ERR_DISKCACHE_FOREIGN_VALUE', key })
    expect(() => cache.pull()).toThrow(foreign)
    expect(() => cache.peek()).toThrow(foreign)
    expect(await peer.pull()).toEqual([key, [1]])
  })

  test('Cache.keys() lists a pickled key, which can be deleted', async ({ directory, python }) => {
    const peer = await python.open(directory)
    for (const key of ['(1, 2)', 'None', 'True']) await peer.set(new Source(key), key)
    await peer.set('native', 'native')
    using cache = new Cache(directory)
    const [tuple, none] = [...cache.keys()]
    expect(tuple).toBeInstanceOf(ForeignKey)
    expect([...cache.keys({ foreign: 'skip' })]).toEqual(['native'])
    expect(cache.get(tuple as Key)).toBe('(1, 2)')
    expect(cache.delete(tuple as Key)).toBe(true)
    expect(cache.delete(none as Key)).toBe(true)
    expect(await peer.keys()).toEqual([true, 'native'])
  })
})

suite('settings', () => {
  test('Cache.configure() holds in Python after reopening', async ({ directory, python }) => {
    using cache = new Cache(directory)
    const settings = {
      evictionPolicy: 'least-frequently-used',
      sizeLimit: 5_000_000,
      cullLimit: 3,
    } as const
    cache.configure({ ...settings, minFileSize: 1_000, statistics: true })
    const peer = await python.open(directory)
    expect(await peer.call('eviction_policy')).toBe('least-frequently-used')
    expect(await peer.call('size_limit')).toBe(5_000_000)
    expect(await peer.call('cull_limit')).toBe(3)
    expect(await peer.call('disk_min_file_size')).toBe(1_000)
    expect(await peer.call('statistics')).toBe(1)
    expect(cache.settings).toMatchObject({ ...settings, minFileSize: 1_000, statistics: true })
  })

  test('Cache.settings are what Python stored', async ({ directory, python }) => {
    const given = { eviction_policy: 'least-recently-used', size_limit: 3_000_000, sqlite_synchronous: 2 }
    const peer = await python.open(directory, given)
    const stored = { evictionPolicy: 'least-recently-used', sizeLimit: 3_000_000 }
    using cache = new Cache(directory)
    expect(cache.settings).toMatchObject({ ...stored, sqlite: { synchronous: 'full' } })
    await peer.call('reset', ['cull_limit', 7])
    expect(cache.settings).toMatchObject({ ...stored, cullLimit: 7 })
  })
})

suite('a limit by number', () => {
  test('Cache keeps maxEntries beside Python, which does not know it, and tells which of its keys go', async ({
    directory,
    python,
  }) => {
    const keys: unknown[] = []
    const listen = (message: unknown) => keys.push(...(message as { keys: unknown[] }).keys)
    channel('diskcache:evict').subscribe(listen)
    onTestFinished(() => {
      channel('diskcache:evict').unsubscribe(listen)
    })
    using cache = new Cache(directory, { maxEntries: 50, evictionPolicy: 'least-recently-stored' })
    const peer = await python.open(directory)
    await peer.repeat(60, 'set', [new Source("(i, 'pickled')"), 'value'])
    await peer.repeat(60, 'set', [new Source("f'python {i}'"), 'value'])
    expect(cache.size).toBe(120)
    cache.set('node', 1)
    expect([cache.size, cache.settings.maxEntries]).toEqual([50, 50])
    expect(keys.map((key) => (ForeignKey.is(key) ? 'pickled' : key))).toEqual([
      ...Array(60).fill('pickled'),
      ...Array.from({ length: 11 }, (_, i) => `python ${i}`),
    ])
    await peer.call('set', ['last', 1])
    expect(cache.size).toBe(51)
    expect(cache.cull()).toBe(1)
    expect(await peer.call('get', ['last'])).toBe(1)
  })
})

suite('eviction', () => {
  test.for(['none', 'least-recently-stored', 'least-recently-used', 'least-frequently-used'])(
    'new Cache() and Python evict by the policy %s of the other',
    async (policy, { directory, python }) => {
      const peer = await python.open(directory, { eviction_policy: policy, size_limit: 300_000 })
      using cache = new Cache(directory)
      for (let i = 0; i < 300; i++) {
        cache.set(`node ${i}`, 'x'.repeat(1_000))
        cache.get(`node ${i}`)
      }
      await peer.repeat(300, 'set', [new Source("f'python {i}'"), new Source("'x' * 1000")])
      await peer.repeat(300, 'get', [new Source("f'python {i}'")])
      if (policy === 'none') expect(cache.size).toBe(600)
      else expect(cache.size).toBeLessThan(300)
      expect(cache.size).toBeGreaterThan(100)
    },
  )

  test('an order of eviction that Python does not know is one to Python that it knows, until Python changes it', async ({
    directory,
    python,
  }) => {
    const evictionPolicy = { by: 'size', first: 'highest' } as const
    using cache = new Cache(directory, { evictionPolicy, sizeLimit: 300_000 })
    const peer = await python.open(directory)
    expect(await peer.call('eviction_policy')).toBe('least-recently-stored')
    await peer.repeat(400, 'set', [new Source("f'python {i}'"), new Source("'x' * 1000")])
    cache.set('large', 'x'.repeat(20_000))
    for (let i = 0; i < 300; i++) cache.set(`node ${i}`, 'x'.repeat(1_000))
    expect([cache.has('large'), cache.settings.evictionPolicy]).toEqual([false, evictionPolicy])
    expect(cache.size).toBeGreaterThan(100)
    await peer.call('reset', ['eviction_policy', 'none'])
    expect(cache.settings.evictionPolicy).toBe('none')
    cache.configure({ evictionPolicy })
    await python.open(directory, { eviction_policy: 'least-recently-used' })
    expect(cache.settings.evictionPolicy).toBe('least-recently-used')
  })

  test('Cache goes on with the policy s3-fifo while Python reads, writes and culls at the limit', async ({
    directory,
    python,
  }) => {
    using cache = new Cache(directory, { sizeLimit: 600_000, onCorrupt: 'throw' })
    const peer = await python.open(directory)
    expect(await peer.call('eviction_policy')).toBe('least-recently-stored')
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 300; i++) cache.set(`node ${round} ${i}`, 'x'.repeat(1_000))
      for (let i = 250; i < 300; i++) for (let n = 0; n < 3; n++) cache.get(`node ${round} ${i}`)
      // Python sets the number of uses to 0.
      await peer.repeat(50, 'set', [new Source(`f'node ${round} {i + 250}'`), new Source("'y' * 1000")])
      await peer.repeat(200, 'set', [new Source(`f'python ${round} {i}'`), new Source("'x' * 1000")])
      await peer.repeat(200, 'get', [new Source(`f'node ${round} {i + 100}'`)])
      await peer.call('cull')
      expect([cache.settings.evictionPolicy, cache.size > 100, cache.size < 400]).toEqual([
        's3-fifo',
        true,
        true,
      ])
    }
    expect(cache.get('python 3 199')).toBe('x'.repeat(1_000))
    cache.set('last', 1)
    expect(await peer.get('last')).toBe(1)
    expect(cache.check().filter(isDamage)).toEqual([])
    expect(await peer.call('check')).toEqual([])
    await peer.call('reset', ['eviction_policy', 'least-recently-used'])
    expect(cache.settings.evictionPolicy).toBe('least-recently-used')
  })

  test('new Cache() evicts by the policy of a directory that Python has made', async ({
    directory,
    python,
  }) => {
    await python.open(directory)
    using cache = new Cache(directory)
    expect(cache.settings.evictionPolicy).toBe('least-recently-stored')
    cache.configure({ evictionPolicy: 's3-fifo' })
    for (let i = 0; i < 10; i++) cache.set(i, i)
    expect(cache.check()).toEqual([])
  })
})

suite('statistics', () => {
  test('Cache.stats() and Python count into the same figures', async ({ directory, python }) => {
    using cache = new Cache(directory, { statistics: true })
    const peer = await python.open(directory)
    await peer.set('key', 1)
    await peer.get('key')
    await peer.get('missing')
    cache.get('key')
    expect(cache.stats()).toMatchObject({ hits: 2, misses: 1 })
  })
})

suite('JSONDisk', () => {
  const documents = [
    { what: 'small', document: { a: [1, 2.5, 'ü☃', null, true], b: {} } },
    { what: 'large', document: Array.from({ length: 20_000 }, (_, i) => `${i} ${Math.sqrt(i)}`) },
  ]

  jsonTest.for(documents)(
    'writes a $what value for Python to read',
    async ({ document }, { directory, python }) => {
      using cache = new Cache(directory, { disk: JSONDisk })
      cache.set('key', document)
      cache.set(5, 'five')
      const peer = await python.open(directory, {}, 'ValueJSONDisk')
      const source = JSON.stringify(JSON.stringify(document))
      expect(await peer.show('key')).toBe(await python.show(`__import__('json').loads(${source})`))
      expect(await peer.get(5)).toBe('five')
    },
  )

  jsonTest('compressLevel is the setting of both', async ({ directory, python }) => {
    const document = Array.from({ length: 500 }, (_, i) => `line ${i % 7}`)
    using cache = new Cache(directory, { disk: JSONDisk, compressLevel: 9 })
    cache.set('node', document)
    const peer = await python.open(directory, {}, 'ValueJSONDisk')
    expect(await peer.call('disk_compress_level')).toBe(9)
    expect(await peer.get('node')).toEqual(document)
    await peer.call('reset', ['disk_compress_level', 0])
    expect(cache.settings.compressLevel).toBe(0)
    await python.open(directory, { disk_compress_level: 6 }, 'ValueJSONDisk')
    expect(cache.settings.compressLevel).toBe(6)
    await peer.set('python', new Source("['x'] * 3"))
    expect(cache.get('python')).toEqual(['x', 'x', 'x'])
  })

  test('new Cache() leaves Python no level of compression that its codec does not know', async ({
    directory,
    python,
  }) => {
    new Cache(directory).close()
    const peer = await python.open(directory)
    expect(await peer.call('size_limit')).toBe(2 ** 30)
  })

  jsonTest.for(documents)(
    'reads a $what value that Python wrote',
    async ({ document }, { directory, python }) => {
      const peer = await python.open(directory, {}, 'ValueJSONDisk')
      const source = JSON.stringify(JSON.stringify(document))
      await peer.set('key', new Source(`__import__('json').loads(${source})`))
      using cache = new Cache(directory, { disk: JSONDisk })
      expect(cache.get('key')).toEqual(document)
      cache.set('back', document)
      expect(await peer.show('back')).toBe(await peer.show('key'))
    },
  )
})

suite('clearing many entries', () => {
  test('Python goes on in a directory that Node clears while it has it open', async ({
    directory,
    python,
  }) => {
    const theirs = await python.open(directory)
    using cache = new Cache(directory)
    cache.setMany(Array.from({ length: 12_000 }, (_, i) => [`key ${i}`, i] as const))
    expect(await theirs.get('key 7')).toBe(7)
    expect(cache.clear()).toBe(12_000)
    expect(await theirs.get('key 7')).toBe(null)
    await theirs.set('key 7', 'theirs')
    expect(cache.get('key 7')).toBe('theirs')
    expect(cache.size).toBe(1)
  })
})

suite('codecs that are not for Python', () => {
  const text = 'a line of text\n'.repeat(500)

  test('compressed values are None, and others are there', async ({ directory, python }) => {
    using cache = new Cache(directory, { disk: new Disk({ compression: true }) })
    cache.set('long', text)
    cache.set('bytes', Buffer.from(text))
    cache.set('short', 'text')
    cache.set('number', 5)
    const peer = await python.open(directory)
    expect([await peer.get('long'), await peer.get('bytes')]).toEqual([null, null])
    expect([await peer.get('short'), await peer.get('number')]).toEqual(['text', 5])
    await peer.set('python', text)
    expect([cache.get('python'), cache.get('long')]).toEqual([text, text])
  })

  encryptedTest(
    'encrypted values are None, and what Python sets is a miss',
    async ({ directory, python }) => {
      using cache = new Cache(directory, { disk: encrypted })
      cache.set('text', 'text')
      cache.set('number', 5)
      const peer = await python.open(directory)
      expect([await peer.get('text'), await peer.get('number')]).toEqual([null, null])
      await peer.set('python', 'text')
      expect([cache.get('python'), cache.get('text')]).toEqual([undefined, 'text'])
    },
  )
})

suite('namespaces', () => {
  test('Cache.namespace() stands under strings for Python, and shares its queue', async ({
    directory,
    python,
  }) => {
    const peer = await python.open(directory)
    using cache = new Cache(directory)
    const users = cache.namespace('users')
    users.set('42', 'Ada')
    users.set(7, 'Grace')
    expect([await peer.get('users:42'), await peer.get('users:#i7')]).toEqual(['Ada', 'Grace'])
    await peer.set('users:43', 'of Python')
    expect(users.get('43')).toBe('of Python')
    users.push('a')
    await peer.push('b', { prefix: 'users:#' })
    expect([users.get(500_000_000_000_001), users.pull()?.value, users.pull()?.key]).toEqual([
      ...['b', 'a', 500_000_000_000_001],
    ])
  })
})
