import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Cache } from '@diskcache/cache'
import { Disk } from '@diskcache/core'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { storeTarget } from '../../reading/targets/open-target.ts'
import type { EntriesPage, EntryDetail, Failure, Live, Survey } from '../protocol/api.ts'
import type { InspectorAnswer } from './http/exchange.ts'
import { Inspector } from './inspector.ts'

const MOST_BYTES = 1024 ** 2

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100)])

interface Looking {
  change(action: string, body: Record<string, unknown>): Promise<InspectorAnswer>
  get(path: string, query?: Record<string, string>): Promise<InspectorAnswer>
  json<T>(path: string, query?: Record<string, string>): Promise<T>
}

const test = directoryTest.extend<{ cache: Cache; looking: Looking }>({
  cache: async ({ directory }, use) => {
    using cache = new Cache(directory)
    await use(cache)
  },
  looking: async ({ cache }, use) => {
    const inspector = new Inspector(storeTarget(cache.promises, { name: 'x', isReadonly: true }), {
      isNamed: true,
      mostBytes: MOST_BYTES,
      writer: async () => cache.promises,
    })
    const change = (name: string, body: unknown) =>
      inspector.answer({
        method: 'POST',
        path: `/api/${name}`,
        query: '',
        headers: {
          'content-type': 'application/json',
          'x-diskcache-inspector': '1',
          'sec-fetch-site': 'same-origin',
        },
        body: Buffer.from(JSON.stringify(body)),
      })
    const get = (name: string, query = {}) =>
      inspector.answer({
        method: 'GET',
        path: `/api/${name}`,
        query: new URLSearchParams(query).toString(),
        headers: {},
      })
    const json = async (name: string, query = {}) => {
      const answer = await get(name, query)
      expect(answer.status, String(answer.body)).toBe(200)
      return JSON.parse(String(answer.body))
    }
    await use({ get, json, change })
    inspector.close()
  },
})

test('Inspector gives them a page at a time, each once', async ({ cache, looking }) => {
  cache.setMany(Array.from({ length: 250 }, (_, n) => [`key ${n}`, n] as const))
  for (const order of ['insertion', 'key', 'size', 'stored', 'expiry']) {
    const pages: EntriesPage[] = []
    let next: string | undefined
    do {
      const query = { order, ...(next === undefined ? {} : { after: next }) }
      const page = await looking.json<EntriesPage>('entries', query)
      expect([page.isDone, page.total]).toEqual([true, 250])
      pages.push(page)
      next = page.next
    } while (next !== undefined && pages.length < 5)
    expect(pages.map(({ entries }) => entries.length)).toEqual([100, 100, 50])
    const ids = pages.flatMap(({ entries }) => entries.map(({ id }) => id))
    expect(new Set(ids).size).toBe(250)
  }
})

test('Inspector finds those of a prefix, a tag and a text', async ({ cache, looking }) => {
  cache.set('user:1', 'Ada', { tag: 'people' })
  cache.set('user:2', Buffer.from('x'))
  cache.set('page:1', { a: 1 }, { tag: ['people', 7] })
  const found = async (query: Record<string, string>) =>
    (await looking.json<EntriesPage>('entries', query)).entries.map(({ key }) => key)
  expect(await found({ prefix: 'user:' })).toEqual(['user:1', 'user:2'])
  expect(await found({ text: ':1' })).toEqual(['user:1', 'page:1'])
  expect(await found({ text: ':1', reverse: 'yes' })).toEqual(['page:1', 'user:1'])
  expect(await found({ kind: 'bytes' })).toEqual(['user:2'])
  const { tags } = (await looking.json<EntriesPage>('entries', { prefix: 'page:' })).entries[0]!
  expect(tags.map(({ text }) => text)).toEqual(['people', '7'])
  expect(await found({ tag: tags[0]!.id })).toEqual(['user:1', 'page:1'])
  expect(await found({ tag: tags[1]!.id })).toEqual(['page:1'])
  expect(await found({ expired: 'yes' })).toEqual([])
})

test('Inspector refuses what is no query', async ({ looking }) => {
  for (const query of [
    { order: 'x' },
    { kind: '__proto__' },
    { expired: '1' },
    { after: 'x' },
    { after: '["",0,0,"1"]' },
    { after: '["d1.5",0,0,"1"]' },
    { after: '["s1",0,0,"1"]' },
    { after: '["",99,-5,"1"]', order: 'key' },
    { after: `["i1",0,0,"${'9'.repeat(30)}"]` },
    { after: '["i1",0,0,"1.5"]', order: 'size' },
    { tag: '{"number":"NaN"}' },
    { tag: '{"hex":"zz"}' },
    { tag: '{}' },
    { tag: '' + '?x' },
  ]) {
    const answer = await looking.get('entries', query as never)
    expect(answer.status, JSON.stringify(query)).toBe(400)
    expect((JSON.parse(String(answer.body)) as Failure).error).toMatch(/^Cannot /)
  }
  expect((await looking.get('entries', { search: '99' })).status).toBe(404)
})

test('Inspector lists what has a very long key, and does not send all of that', async ({
  cache,
  looking,
}) => {
  cache.setMany(['a', 'b'].map((letter) => [letter.repeat(1_000_000), 1] as const))
  const { body } = await looking.get('entries')
  expect(body.length).toBeLessThan(10_000)
  const { entries } = await looking.json<EntriesPage>('entries')
  expect(new Set(entries.map(({ id }) => id)).size).toBe(2)
  expect(entries[0]).toMatchObject({ key: `${'a'.repeat(1_000)}…` })
  expect((await looking.get('entry', { id: entries[0]!.id })).status).toBe(413)
})

test('Inspector lists and counts what has very long tags, and does not send all of them', async ({
  cache,
  looking,
}) => {
  for (const n of [1, 2, 3])
    cache.set(n, n, { tag: ['t'.repeat(1_000_000) + n, Buffer.alloc(1_000_000), 'short'] })
  for (const name of ['entries', 'survey']) expect((await looking.get(name)).body.length).toBeLessThan(30_000)
  const [entry] = (await looking.json<EntriesPage>('entries')).entries
  expect(entry?.tags.map(({ text }) => text)).toEqual([
    `${'t'.repeat(1_000)}…`,
    `bytes ${'00'.repeat(1_000)}…`,
    'short',
  ])
  expect((await looking.get('entries', { tag: entry!.tags[0]!.id })).status).toBe(413)
  expect((await looking.json<EntryDetail>('entry', { id: entry!.id })).entry).toEqual(entry)
  const { byTag } = await looking.json<Survey>('survey')
  expect(byTag.map(({ id, entries }) => [id, entries])).toEqual([
    [undefined, 3],
    [undefined, 3],
    ['"short"', 3],
  ])
})

test.for<[string, unknown]>([
  ['<script>alert(1)</script>', '</script><script>alert(1)</script>'],
  ['', 'the empty key'],
  ['\0\x1b[31m\u202e"\'\\\n', 1],
  ['😀'.repeat(2_000), 2],
  ['__proto__', { constructor: 1 }],
  ['../../etc/passwd', 3],
  ['%2e%2e%00', 4],
  ['key\ud800', 5],
])('Inspector shows the entry of the key %j', async ([key, value], { cache, looking }) => {
  cache.set(key, value)
  const [listed] = (await looking.json<EntriesPage>('entries')).entries
  const { entry } = await looking.json<EntryDetail>('entry', { id: listed!.id })
  expect(entry).toEqual(listed)
  const { headers } = await looking.get('entry', { id: listed!.id })
  expect(headers).toMatchObject({ 'Content-Type': 'application/json; charset=utf-8' })
})

test('Inspector shows entries of every type of key', async ({ cache, looking }) => {
  const keys = [
    1,
    1.5,
    -0.25,
    10n ** 30n,
    true,
    null,
    Buffer.from('ff00', 'hex'),
    new Date(0),
    ['a', 1],
    { b: [2] },
  ]
  for (const key of keys) cache.set(key, 'value')
  const { entries } = await looking.json<EntriesPage>('entries')
  expect(entries).toHaveLength(keys.length)
  for (const { id } of entries) {
    const { entry, value } = await looking.json<EntryDetail>('entry', { id })
    expect([entry.id, value.text]).toEqual([id, 'value'])
  }
})

test('Inspector says that an entry is gone, and what is no id', async ({ looking }) => {
  for (const name of ['entry', 'picture', 'bytes']) {
    expect((await looking.get(name, { id: 'sgone' })).status).toBe(404)
    for (const id of ['', 'x', 'bxyz', 'i1e5', 'd', 'cffff', `i${'9'.repeat(400)}`])
      expect((await looking.get(name, { id })).status, id).toBe(400)
    expect((await looking.get(name)).status).toBe(400)
    // A key that Python pickled.
    expect((await looking.get(name, { id: 'p80024b012e' })).status, name).toBe(404)
  }
})

test('Inspector notes no read', async ({ cache, looking }) => {
  cache.configure({ statistics: true })
  cache.set('a', PNG)
  for (const name of ['entry', 'picture', 'bytes'])
    expect((await looking.get(name, { id: 'sa' })).status).toBe(200)
  expect(cache.stats()).toMatchObject({ hits: 0, misses: 0 })
})

test('Inspector reads no value that is too large', async ({ cache, looking }) => {
  cache.set('large', Buffer.alloc(MOST_BYTES + 1))
  cache.set('text', 'x'.repeat(MOST_BYTES))
  cache.set(
    'structure',
    Array.from({ length: 50_000 }, (_, n) => n),
  )
  const detail = await looking.json<EntryDetail>('entry', { id: 'slarge' })
  expect(detail).toMatchObject({
    entry: { bytes: MOST_BYTES + 1 },
    value: {
      text: '',
      isCut: true,
      problem: 'It is too large to be read here: it has 2 MiB, and at most 1 MiB are read',
    },
  })
  expect((await looking.json<EntryDetail>('entry', { id: 'stext' })).value).toMatchObject({ form: 'text' })
  const structure = await looking.json<EntryDetail>('entry', { id: 'sstructure' })
  expect(structure.value.problem).toContain('too large')
  for (const name of ['picture', 'bytes'])
    expect((await looking.get(name, { id: 'slarge' })).status).toBe(413)
  expect((await looking.get('bytes', { id: 'sstructure' })).status).toBe(200)
})

test('Inspector makes no more of a compressed value than it reads of others', async ({
  directory,
  looking,
}) => {
  using compressing = new Cache(directory, { disk: new Disk({ compression: true }) })
  compressing.set('nulls', new Array(1_000_000).fill(null))
  compressing.set('short', 'x'.repeat(10_000))
  const { entry, value } = await looking.json<EntryDetail>('entry', { id: 'snulls' })
  expect(entry.bytes).toBeLessThan(10_000)
  expect(value).toMatchObject({ form: 'hex', problem: expect.stringContaining('more than 65536 bytes') })
  expect((await looking.get('picture', { id: 'snulls' })).status).toBe(413)
  const changing = new Inspector(storeTarget(compressing.promises, { name: 'x', isReadonly: true }), {
    ...{ isNamed: false, mostBytes: MOST_BYTES, writer: async () => compressing.promises },
  })
  const pinned = await changing.answer({
    ...{ method: 'POST', path: '/api/pin', query: '' },
    headers: { 'content-type': 'application/json', 'x-diskcache-inspector': '1' },
    body: { id: 'snulls', pin: true },
  })
  changing.close()
  expect(pinned.status).toBe(413)
  expect((await looking.json<EntryDetail>('entry', { id: 'sshort' })).value.text).toHaveLength(10_000)
})

test('Inspector gives a picture by its first bytes, which runs nothing', async ({ cache, looking }) => {
  cache.set('picture', PNG)
  cache.set('large', Buffer.concat([PNG, Buffer.alloc(100_000)]))
  for (const id of ['spicture', 'slarge']) {
    const { status, headers, body } = await looking.get('picture', { id })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'Content-Type': 'image/png',
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    })
    expect(Buffer.compare(body as Buffer, cache.get(id.slice(1)) as Buffer)).toBe(0)
  }
})

test('Inspector gives nothing else as a picture', async ({ cache, looking }) => {
  const values = {
    svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    bytes: Buffer.from('<svg/>'),
    text: String(PNG),
    number: 1,
  }
  for (const [key, value] of Object.entries(values)) {
    cache.set(key, value)
    expect((await looking.get('picture', { id: `s${key}` })).status).toBe(404)
  }
})

test('Inspector gives the stored bytes as a file', async ({ cache, looking }) => {
  cache.set('page', '<script>alert(1)</script>')
  const { headers, body } = await looking.get('bytes', { id: 'spage' })
  expect(headers).toMatchObject({
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment; filename="value.bin"',
    'Content-Security-Policy': "sandbox; default-src 'none'",
  })
  expect(String(body)).toBe('<script>alert(1)</script>')
})

test('Inspector shows what is left of a damaged entry, and lets it stand', async ({
  directory,
  cache,
  looking,
}) => {
  cache.set('large', Buffer.alloc(200_000, 'a'))
  const name = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('.val'),
  )!
  const path = join(directory, name)
  const bytes = readFileSync(path)
  bytes[5]! ^= 1
  writeFileSync(path, bytes)
  const { value } = await looking.json<EntryDetail>('entry', { id: 'slarge' })
  expect(value).toMatchObject({ form: 'hex', problem: expect.any(String) })
  expect((await looking.get('bytes', { id: 'slarge' })).body).toHaveLength(200_000)
  const picture = await looking.get('picture', { id: 'slarge' })
  expect([picture.status, String(picture.body)]).toEqual([500, expect.not.stringContaining('    at ')])
  expect(cache.size).toBe(1)
})

test('Inspector pins no damaged entry, which would be removed', async ({ directory, cache, looking }) => {
  cache.set('a', { text: 'hello' })
  cache.set('b', { text: 'hello' })
  expect(await looking.change('pin', { id: 'sb', pin: true })).toMatchObject({
    status: 200,
    body: '{"entries":1}',
  })
  const database = new DatabaseSync(join(directory, 'cache.db'))
  database.exec("UPDATE Cache SET value = x'81a161a568656c6c00' WHERE key = 'a'")
  database.close()
  const { status, body } = await looking.change('pin', { id: 'sa', pin: true })
  expect([status, body]).toEqual([409, expect.stringContaining('damaged')])
  expect((await looking.json<EntriesPage>('entries')).entries.map(({ id }) => id)).toEqual(['sa', 'sb'])
})

test('Inspector says that an expired entry was deleted, and changes none otherwise', async ({
  cache,
  looking,
}) => {
  cache.set('old', 1, { ttl: 1 })
  await expect.poll(() => cache.has('old')).toBe(false)
  for (const [action, how] of [
    ['touch', { ttl: null }],
    ['pin', { pin: true }],
  ] as const) {
    const { status, body } = await looking.change(action, { id: 'sold', ...how })
    expect([status, body], action).toEqual([409, expect.stringContaining('has expired')])
  }
  expect((await looking.json<EntriesPage>('entries')).entries).toMatchObject([{ isExpired: true }])
  expect((await looking.change('delete', { id: 'sold' })).body).toBe('{"entries":1}')
  expect((await looking.json<EntriesPage>('entries')).entries).toEqual([])
  expect((await looking.change('delete', { id: 'sold' })).body).toBe('{"entries":0}')
})

test('Inspector counts all entries, and tells what there is now', async ({ cache, looking }) => {
  cache.setMany(Array.from({ length: 5_000 }, (_, n) => [`key:${n}`, n, { tag: `t${n % 3}` }] as const))
  const survey = await looking.json<Survey>('survey')
  expect(survey).toMatchObject({ isDone: true, scanned: 5_000 })
  expect(survey.byTag).toHaveLength(3)
  expect(survey.byNamespace).toMatchObject([{ label: 'key', entries: 5_000 }])
  const { samples } = await looking.json<Live>('live')
  expect(samples).toMatchObject([{ entries: 5_000, waiting: 0 }])
})

test('Inspector answers many searches at once', async ({ cache, looking }) => {
  cache.setMany(Array.from({ length: 3_000 }, (_, n) => [`key ${n}`, n] as const))
  const pages = await Promise.all(
    Array.from({ length: 40 }, (_, n) => looking.json<EntriesPage>('entries', { text: `key ${n}` })),
  )
  for (const [n, { entries, isDone }] of pages.entries()) {
    expect(isDone).toBe(true)
    for (const { key } of entries) expect(key).toContain(`key ${n}`)
  }
})
