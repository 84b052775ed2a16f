import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { Cache, JSONDisk } from '@diskcache/cache'
import { Disk, EncryptedDisk } from '@diskcache/core'
import { directoryTest as test } from '@diskcache/testkit'
import fc from 'fast-check'
import { expect } from 'vitest'
import { contentsOf } from '../../../tests/contents.ts'
import { everyType, someOptions } from '../../../tests/every-type.ts'
import { ExportFile } from '../export/export-file.ts'
import { Export, type ExportOptions } from '../export/exporting.ts'
import { openDestination } from '../stores/open-destination.ts'
import { openSource } from '../stores/open-source.ts'
import type { ImportOptions } from './importing.ts'
import { importEntries } from './importing.ts'

async function exported(directory: string, options?: ExportOptions) {
  const source = await openSource(directory)
  try {
    const all = new Export(source, options)
    const lines = await Array.fromAsync(all.lines())
    return { bytes: Buffer.concat(lines), counts: all.counts, chunks: lines }
  } finally {
    await source.close()
  }
}

function imported(directory: string, bytes: Buffer | string, options?: ImportOptions) {
  const source = Readable.from([Buffer.from(bytes)])
  return importEntries(source, (header) => openDestination(directory, header, undefined), options)
}

const HEADER = '{"diskcache":"entries","version":1}\n'

test('an export gives an equal directory, by what it says of itself', async ({ directory }) => {
  const [from, to] = [join(directory, 'a'), join(directory, 'b')]
  const cache = new Cache(from, { sizeLimit: 5e8, evictionPolicy: 'least-recently-used' })
  cache.setMany(everyType().map(([key, value], i) => [key, value, someOptions(i)]))
  await cache.promises.write('stream', Readable.from([Buffer.alloc(3_000_000, 1)]), { tag: 'stream' })
  await cache.promises.close()
  const { bytes } = await exported(from)
  expect(await imported(to, bytes)).toMatchObject({ entries: everyType().length + 1, evicted: 0 })
  expect(await contentsOf(to)).toStrictEqual(await contentsOf(from))
  using copy = new Cache(to)
  expect(copy.check()).toEqual([])
  expect(copy.settings).toMatchObject({ sizeLimit: 5e8, evictionPolicy: 'least-recently-used' })
})

test('instances of classes, compressed, encrypted and JSON values arrive as they are stored', async ({
  directory,
}) => {
  class Point {
    readonly x = 1
  }
  const classes = { Point: { type: Point, write: ({ x }: Point) => x, read: () => new Point() } }
  const key = Buffer.alloc(32, 1)
  const codecs = {
    classes: { classes },
    compressed: { disk: new Disk({ compression: true }) },
    encrypted: { disk: new EncryptedDisk({ keys: [key], entryKey: Buffer.alloc(32, 2) }) },
    json: { disk: JSONDisk },
  }
  for (const [name, options] of Object.entries(codecs)) {
    const [from, to] = [join(directory, name), join(directory, `${name} copy`)]
    const values = [
      name === 'classes' ? new Point() : 1,
      { text: 'x'.repeat(50_000) },
      ['a', null],
      'y'.repeat(2_000_000),
    ]
    const cache = new Cache(from, options)
    for (const [i, value] of values.entries()) cache.set(['key', i], value, { tag: 'a' })
    await cache.promises.write('stream', Readable.from([Buffer.alloc(2_000_000, 3)]))
    cache.close()
    const { bytes } = await exported(from)
    await imported(to, bytes)
    using copy = new Cache(to, options)
    expect(values.map((_, i) => copy.get(['key', i]))).toStrictEqual(values)
    expect(copy.get('stream')).toEqual(Buffer.alloc(2_000_000, 3))
    expect(copy.check()).toEqual([])
  }
})

test('metadata go with their bytes, short or in parts, also encrypted, and to another codec', async ({
  directory,
}) => {
  const metadata = { type: 'text/html', links: ['/a'] }
  const kept: [string, unknown, number][] = [
    ['short', metadata, 5],
    ['long', new Map([['date', new Date(7)]]), 50_000],
    ['in parts', metadata, 3_000_000],
    ['bytes', Buffer.from([0, 1]), 0],
    ['null', null, 10],
    ['none', undefined, 10],
  ]
  const key = Buffer.alloc(32, 1)
  const codecs = {
    plain: {},
    compressed: { disk: new Disk({ compression: { minBytes: 10 } }) },
    encrypted: { disk: new EncryptedDisk({ keys: [key], entryKey: Buffer.alloc(32, 2) }) },
    json: { disk: JSONDisk },
  }
  for (const [name, options] of Object.entries(codecs)) {
    const [from, to] = [join(directory, name), join(directory, `${name} copy`)]
    const own = kept.filter(([, data]) => name !== 'json' || data === metadata || data == null)
    const cache = new Cache(from, options)
    for (const [key, metadata, length] of own)
      await cache.write(key, Readable.from([Buffer.alloc(length, 3)]), { metadata, tag: 'a' })
    cache.set('text', 'text')
    const before = await Promise.all(['text', ...own.map(([key]) => key)].map((key) => cache.getEntry(key)))
    cache.close()
    const { bytes } = await exported(from)
    expect(bytes.includes('"metadata":{"type":"text/html"')).toBe(name !== 'encrypted')
    expect(await imported(to, bytes)).toMatchObject({ counts: { stored: own.length + 1, unfit: 0 } })
    using copy = new Cache(to, options)
    expect(['text', ...own.map(([key]) => key)].map((key) => copy.getEntry(key))).toStrictEqual(before)
    expect(copy.check()).toEqual([])
  }
  const to = join(directory, 'plain to json')
  new Cache(to, { disk: JSONDisk }).close()
  const { bytes } = await exported(join(directory, 'plain'))
  expect(await imported(to, bytes)).toMatchObject({ counts: { stored: 2, unfit: 5 } })
  using json = new Cache(to, { disk: JSONDisk })
  expect(json.getEntry('in parts')).toMatchObject({ value: Buffer.alloc(3_000_000, 3), metadata })
  // Bytes that stand on a line are no JSON, whatever is beside them.
  expect(json.size).toBe(2)
})

test.for([
  ['{"key":"a","value":1,"metadata":1}', 'metadata stand beside bytes or a text alone'],
  ['{"key":"a","value":"t","metadata":1,"storedMetadata":{}}', 'it needs one of "metadata" and'],
  ['{"key":"a","value":"t","storedMetadata":1}', '"storedMetadata" is no object'],
  ['{"key":"a","value":"t","storedMetadata":{"mode":1,"form":"s","base64":1}}', 'it has no base64'],
])('a line with wrong metadata is refused: %s', async ([line, why], { directory }) => {
  await expect(imported(join(directory, 'to'), `${HEADER}${line}\n`)).rejects.toThrow(why)
})

test('an empty value is exported, also right after a large one', async ({ directory }) => {
  const [from, to] = [join(directory, 'a'), join(directory, 'b')]
  using cache = new Cache(from)
  cache.set('large', Buffer.alloc(2_000_000))
  cache.set('empty', '')
  expect(await imported(to, (await exported(from)).bytes)).toMatchObject({ counts: { stored: 2 } })
  using copy = new Cache(to)
  expect(copy.get('empty')).toBe('')
})

test('values go from one codec to another where that keeps them, and are counted where not', async ({
  directory,
}) => {
  const [from, to] = [join(directory, 'a'), join(directory, 'json')]
  using cache = new Cache(from)
  cache.setMany([
    ['plain', { a: 1 }],
    ['map', new Map()],
    ['text', 't'],
  ])
  new Cache(to, { disk: JSONDisk }).close()
  expect(await imported(to, (await exported(from)).bytes)).toMatchObject({ counts: { stored: 2, unfit: 1 } })
  using json = new Cache(to, { disk: JSONDisk })
  expect([json.get('plain'), json.get('map'), json.get('text')]).toEqual([{ a: 1 }, undefined, 't'])
  new Cache(join(directory, 'secret'), { disk: new EncryptedDisk({ keys: [Buffer.alloc(32)] }) }).close()
  const refused = imported(join(directory, 'secret'), (await exported(from)).bytes)
  await expect(refused).rejects.toThrow('which the target, of "encrypted", cannot keep')
})

test('what Python pickled, what is damaged and what has expired is left out, and told', async ({
  directory,
}) => {
  const cache = new Cache(directory)
  cache.setMany(
    ['a', 'py', 'bad', 'gone', 'file', 'z'].map((key) => [
      key,
      key === 'file' ? Buffer.alloc(3_000_000) : key,
    ]),
  )
  cache.close()
  const database = new DatabaseSync(join(directory, 'cache.db'))
  database.exec("UPDATE Cache SET mode = 4, value = x'80' WHERE key = 'py'")
  database.exec("UPDATE Cache SET value = 'other' WHERE key = 'bad'")
  const { filename } = database.prepare("SELECT filename FROM Cache WHERE key = 'file'").get() as {
    filename: string
  }
  database.close()
  const file = readFileSync(join(directory, filename))
  file[2_000_000] = 1
  writeFileSync(join(directory, filename), file)
  const told: string[] = []
  const { bytes, counts } = await exported(directory, {
    onLeftOut: ({ key }, why) => told.push(`${key} ${why}`),
  })
  expect(told).toEqual(['py python', 'bad damaged', 'file damaged'])
  expect(counts).toEqual({ entries: 3, python: 1, damaged: 2, expired: 0 })
  const to = join(directory, 'copy')
  expect(await imported(to, bytes)).toMatchObject({ counts: { stored: 3, broken: 1 } })
  using copy = new Cache(to)
  expect([...copy.keys()]).toEqual(['a', 'gone', 'z'])
})

test('entries that expire are left out on both sides', async ({ directory }) => {
  const from = join(directory, 'a')
  let now = Date.now() - 60_000
  const cache = new Cache(from, { clock: () => now, cullLimit: 0 })
  cache.set('expired', 1, { ttl: 1_000 })
  now = Date.now()
  cache.set('live', 1, { ttl: 60_000 })
  cache.close()
  const { bytes, counts } = await exported(from)
  expect(counts).toMatchObject({ entries: 1, expired: 1 })
  const lines = `${HEADER}{"key":"a","value":1,"expires":1000}\n{"key":"b","value":2}\n`
  expect(await imported(join(directory, 'b'), lines)).toMatchObject({
    counts: { stored: 1, expired: 1 },
    end: undefined,
  })
  expect(await imported(join(directory, 'c'), bytes)).toMatchObject({ counts: { stored: 1 } })
})

test('only the entries of a prefix or a tag are exported, where that is asked for', async ({ directory }) => {
  using cache = new Cache(directory)
  cache.setMany([
    ['user:1', 1, { tag: 'a' }],
    ['user:2', 2],
    ['other', 3, { tag: ['b', 'a'] }],
    [5, 4, { tag: 7 }],
  ])
  const keysOf = async (options: ExportOptions) =>
    (await exported(directory, options)).bytes.toString().match(/(?<="key":)("[^"]*"|\d)/g)
  expect(await keysOf({ prefix: 'user:' })).toEqual(['"user:1"', '"user:2"'])
  expect(await keysOf({ tag: 'a' })).toEqual(['"user:1"', '"other"'])
  expect(await keysOf({ tag: 7 })).toEqual(['5'])
})

test('entries that are there stay with ifAbsent, and are replaced without', async ({ directory }) => {
  using cache = new Cache(directory)
  cache.setMany([
    ['a', 'old'],
    ['big', 'old'],
  ])
  const parts =
    '{"key":"big","stored":{"mode":1,"form":"b","parts":true}}\n{"part":0,"base64":"AAEC","end":"whole"}\n'
  const lines = `${HEADER}{"key":"a","value":"new"}\n${parts}{"key":"b","value":1}\n{"end":{"entries":3}}\n`
  expect(await imported(directory, lines, { ifAbsent: true })).toMatchObject({
    counts: { stored: 1, kept: 2 },
  })
  expect([cache.get('a'), cache.get('big'), cache.get('b')]).toEqual(['old', 'old', 1])
  expect(await imported(directory, lines)).toMatchObject({ counts: { stored: 3, kept: 0 } })
  expect([cache.get('a'), cache.get('big')]).toEqual(['new', Buffer.from([0, 1, 2])])
})

test('a wrong line is named, and what came before it stays', async ({ directory }) => {
  const good = '{"key":"a","value":1}\n'
  const wrong: [string, string | RegExp][] = [
    ['', 'the input is empty'],
    ['{"key":"a","value":1}\n', 'line 1: it is not the first line of an export'],
    [HEADER.replace('1}', '2}'), /line 1: version 2 of the format is unknown here/],
    [`${HEADER}${good}{"key":"b","val`, 'line 3: it is no JSON'],
    [`${HEADER}\n${good}{"key":"b"}\n`, 'line 4: it needs one of "value" and "stored"'],
    [
      `${HEADER}${good}{"part":0,"base64":""}\n`,
      'line 3: the line of the entry that it is a part of is not there',
    ],
    [`${HEADER}${good}{"end":{"entries":1}}\n${good}`, 'line 4: it stands after the end'],
    [
      `${HEADER}${good}{"key":"b","stored":{"mode":1,"form":"b","parts":true}}\n`,
      'the file ends within a value',
    ],
    [
      `${HEADER}${good}{"key":"b","stored":{"mode":5,"form":"b","base64":"wQ=="}}\n`,
      'line 3: its value is not what',
    ],
    [`${HEADER}${good}{"key":"b","value":[1e400]}\n`, 'line 3: its 1e400 is no number of JavaScript'],
    [`${HEADER}${good}{"id":"c81","value":1}\n`, 'line 3: "id" is not the text of a key'],
  ]
  for (const [i, [lines, message]] of wrong.entries()) {
    const to = join(directory, String(i))
    await expect(imported(to, lines), lines).rejects.toThrow(message)
    // A directory is made when the first line is right.
    expect(existsSync(to), lines).toBe(lines.includes(`${HEADER}`))
    if (lines.includes(good) && i > 2)
      expect((await contentsOf(to)).map((entry) => (entry as { key: string }).key)).toEqual(['a'])
  }
})

test('no damage of an export gives another value', async ({ directory }) => {
  const from = join(directory, 'from')
  const cache = new Cache(from)
  cache.setMany(
    Array.from({ length: 20 }, (_, i) => [`key ${i}`, i % 2 ? { i } : new Map([[i, i]]), someOptions(i)]),
  )
  cache.set('large', Buffer.alloc(1_200_000, 'large'))
  cache.close()
  const original = await contentsOf(from)
  const { bytes } = await exported(from)
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] as number) ^ bits
      const to = join(directory, String(run++))
      // The damage may be a newline: then the line is cut in two.
      await expect(imported(to, damaged)).rejects.toThrow(/^line \d+: /)
      if (!existsSync(to)) return
      const found = await contentsOf(to)
      expect(found).toStrictEqual(original.slice(0, found.length))
    }),
    {
      numRuns: 8,
      examples: [
        [5, 1],
        [bytes.length - 1, 1],
        [600_000, 3],
      ],
    },
  )
})

test('an export goes on after its last whole entries, wherever it was broken off', async ({ directory }) => {
  const cache = new Cache(join(directory, 'a'))
  cache.setMany(
    Array.from({ length: 2_500 }, (_, i) => [
      i,
      i % 1_000 === 7 ? Buffer.alloc(1_100_000) : { i },
      someOptions(i),
    ]),
  )
  cache.close()
  const source = await openSource(join(directory, 'a'))
  const path = join(directory, 'out.ndjson')
  const write = async (isResumed: boolean) => {
    const file = await (isResumed ? ExportFile.resume(path, source, {}) : ExportFile.create(path))
    for await (const lines of new Export(source, { after: file.after }).lines()) await file.write(lines)
    await file.finish()
    return readFileSync(path)
  }
  // Marks stand where pages end, which begin elsewhere.
  const body = (bytes: Buffer) =>
    bytes
      .toString('latin1')
      .replace(/^.*\n/, '')
      .replace(/^\{"mark".*\n/gm, '')
  const whole = await write(false)
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), async (length) => {
      writeFileSync(`${path}.unfinished`, whole)
      truncateSync(`${path}.unfinished`, length)
      expect(body(await write(true)) === body(whole)).toBe(true)
    }),
    { numRuns: 8, examples: [[0], [10], [whole.length], [whole.length - 1]] },
  )
  writeFileSync(`${path}.unfinished`, whole)
  await expect(ExportFile.create(path)).rejects.toThrow('go on with it by --resume, or remove it')
  await expect(ExportFile.resume(path, source, { prefix: 'a' })).rejects.toThrow(
    'or of other entries; remove it',
  )
  await source.close()
})

test('an import goes on from its checkpoint, and with no other', async ({ directory }) => {
  const from = join(directory, 'a')
  const cache = new Cache(from)
  cache.setMany(Array.from({ length: 3_500 }, (_, i) => [i, { i }]))
  cache.close()
  const { bytes } = await exported(from)
  const [to, checkpoint] = [join(directory, 'b'), join(directory, 'checkpoint')]
  const torn = bytes.subarray(0, bytes.length - 40_000)
  await expect(imported(to, torn, { checkpoint })).rejects.toThrow(/^line \d+: it is cut off/)
  const first = await contentsOf(to)
  expect(first.length).toBeGreaterThan(2_500)
  // What was imported is not looked at again.
  new Cache(to).delete(0)
  await expect(imported(join(directory, 'c'), bytes, { checkpoint })).rejects.toThrow('name another file')
  const result = await imported(to, bytes, { checkpoint })
  expect(result).toMatchObject({ entries: 3_500, counts: { stored: 3_500 }, end: { entries: 3_500 } })
  expect(existsSync(checkpoint)).toBe(false)
  expect(await contentsOf(to)).toStrictEqual((await contentsOf(from)).slice(1))
})

test('an import tells of entries that found no room', async ({ directory }) => {
  const to = join(directory, 'to')
  new Cache(to, { maxEntries: 100 }).close()
  const lines = Array.from({ length: 500 }, (_, i) => `{"key":${i},"value":1}\n`)
  expect(await imported(to, HEADER + lines.join(''))).toMatchObject({ evicted: 400, counts: { stored: 500 } })
})

test('an entry that is replaced while it is exported is what it was, or what it is, and nothing between', async ({
  directory,
}) => {
  using cache = new Cache(directory)
  const large = 1_200_000
  const replacements: [unknown, string][] = [
    [Buffer.alloc(large, 1), 'bytes'],
    [new Map([[1, 'x'.repeat(large)]]), 'map'],
    ['y'.repeat(large), 'text'],
    ['small', 'text'],
    [7, 'number'],
  ]
  const source = await openSource(directory)
  for (const [value, tag] of replacements) {
    cache.set('key', 'x'.repeat(large), { tag: 'text' })
    let isReplaced = false
    const readEntry: typeof source.streams.readEntry = async (key) => {
      if (!isReplaced) cache.set('key', value, { tag })
      isReplaced = true
      return source.store.readEntry(key)
    }
    const lines = await Array.fromAsync(new Export({ ...source, streams: { readEntry } }).lines())
    const to = join(directory, `copy ${tag} ${String(value).length}`)
    await imported(to, Buffer.concat(lines))
    using copy = new Cache(to)
    expect(isReplaced).toBe(true)
    expect(copy.getEntry('key')).toStrictEqual({ value, expireTime: null, tags: [tag] })
  }
  await source.close()
})
