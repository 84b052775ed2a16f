import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test as baseTest, describe, expect } from 'vitest'
import { serve } from '../src/serve.ts'
import { ShopProcess } from './shop-process.ts'
import { TemporaryDirectory } from './temporary-directory.ts'

/** The application, in this process, with an empty cache. */
const test = baseTest.extend<{ directory: string; origin: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what a fixture needs
  directory: async ({}, use) => {
    await using directory = await TemporaryDirectory.make()
    await use(directory.path)
  },
  origin: async ({ directory }, use) => {
    await using serving = await serve(0, { directory, queryTime: 1 })
    await use(serving.origin)
  },
})

/** What the cache did: answered (`hit`), stored the answer of the application, or neither. */
async function visit(url: string, init?: RequestInit): Promise<'hit' | 'stored' | 'passed'> {
  const response = await fetch(url, init)
  await response.arrayBuffer()
  const status = response.headers.get('cache-status') ?? ''
  if (status.includes('; hit')) return 'hit'
  return status.includes('; stored') ? 'stored' : 'passed'
}

/** The cookie of a user who is logged in. */
async function logIn(origin: string, user: string): Promise<string> {
  const response = await post(`${origin}/account/login`, { user })
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** Sends fields that `fetch` does not let one choose; gives the status of the answer and that of the cache. */
async function send(url: string, { body, ...options }: RequestOptions & { body?: string }) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body)
  })
  await text(response)
  return { status: response.statusCode, cacheStatus: response.headers['cache-status'] }
}

/** The status of a purge that says it comes from there. */
async function purgeFrom(origin: string, from: Record<string, string>): Promise<number | undefined> {
  const headers = { ...from, 'content-type': 'application/x-www-form-urlencoded' }
  return (await send(`${origin}/cache/purge`, { method: 'POST', headers, body: 'tag=pages' })).status
}

function post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' })
}

async function cached(origin: string): Promise<string[]> {
  const content = await (await fetch(`${origin}/cache/content`)).text()
  return Array.from(content.matchAll(/data-path="([^"]*)"/g), ([, path]) => path ?? '')
}

/** Visits these for the first time, until all are stored: a client has its answer a little before that. */
async function fill(origin: string, ...paths: string[]): Promise<void> {
  for (const path of paths) expect(await visit(origin + path)).toBe('stored')
  await expect.poll(() => cached(origin)).toEqual(expect.arrayContaining(paths))
}

describe('what is shared', () => {
  test.for(['/', '/prints/rabbit', '/prints/rabbit/picture.png', '/sales.csv'])(
    '%s is computed once',
    async (path, { origin }) => {
      await fill(origin, path)
      expect(await visit(origin + path)).toBe('hit')
      expect(await cached(origin)).toEqual([path])
    },
  )

  test('a reload, as browsers send it, is answered from the cache', async ({ directory }) => {
    let now = Date.now()
    await using serving = await serve(0, { directory, queryTime: 1, clock: () => now })
    const headers = { accept: 'text/html', 'cache-control': 'max-age=0' }
    expect((await send(serving.origin, { headers })).cacheStatus).toContain('stored')
    await expect.poll(() => cached(serving.origin)).toEqual(['/'])
    now += 10_000
    expect((await send(serving.origin, { headers })).cacheStatus).toContain('hit')
  })

  test('a print is a page or data, as variants of one URL', async ({ origin }) => {
    const url = `${origin}/prints/fern`
    const data = await fetch(url, { headers: { accept: 'application/json' } })
    expect(await data.json()).toMatchObject({ id: 'fern', price: 40 })
    const page = await fetch(url, { headers: { accept: 'text/html' } })
    expect(await page.text()).toContain('<h1>Fern</h1>')
    const content = async () => (await fetch(`${origin}/cache/content`)).text()
    await expect.poll(content).toContain('2 variants')
  })

  test('the page about the cache tells how often a URL was answered from it', async ({ origin }) => {
    await fill(origin, '/prints/rabbit')
    for (let times = 0; times < 3; times++) await visit(`${origin}/prints/rabbit`)
    const response = await fetch(`${origin}/cache`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toContain('data-hits="3"')
  })
})

describe('what is purged', () => {
  test('a URL, and nothing else', async ({ origin }) => {
    await fill(origin, '/', '/prints/rabbit')
    const { status } = await post(`${origin}/cache/purge`, { url: 'http://prints.localhost/prints/rabbit' })
    expect(status).toBe(303)
    expect(await cached(origin)).toEqual(['/'])
  })

  test('all with a tag', async ({ origin }) => {
    await fill(origin, '/', '/prints/rabbit', '/sales.csv')
    await post(`${origin}/cache/purge`, { tag: 'pages' })
    expect(await cached(origin)).toEqual(['/sales.csv'])
    expect(await visit(`${origin}/prints/rabbit`)).toBe('stored')
  })

  test.for([{}, { url: 'rabbit' }, { tag: '' }])(
    '%o is refused',
    async (fields: Record<string, string>, { origin }) => {
      expect((await post(`${origin}/cache/purge`, fields)).status).toBe(400)
    },
  )

  test('what an order changes: the page of the print and those with prices, not the picture', async ({
    origin,
  }) => {
    await fill(origin, '/', '/prints/fern', '/prints/fern/picture.png', '/prints/rabbit', '/sales.csv')
    const cookie = await logIn(origin, 'Ada')
    await post(`${origin}/account/orders`, { print: 'fern' }, { cookie })
    expect(await cached(origin)).toEqual(['/prints/fern/picture.png', '/prints/rabbit'])
    expect(await (await fetch(`${origin}/prints/fern`)).text()).toContain('<dd>7</dd>')
  })

  test('what another price changes', async ({ origin }) => {
    const url = `${origin}/prints/fern`
    await fill(origin, '/prints/fern')
    const change = { method: 'PUT', body: '{"price":99}' }
    const headers = { 'content-type': 'application/json', cookie: await logIn(origin, 'Ada') }
    expect((await fetch(url, { ...change, headers: { ...headers, cookie: '' } })).status).toBe(401)
    expect(await visit(url)).toBe('hit')
    expect((await fetch(url, { ...change, headers })).status).toBe(200)
    const response = await fetch(url)
    expect(await response.text()).toContain('€ 99')
    expect(response.headers.get('cache-status')).toContain('stored')
  })
})

describe('what is personal', () => {
  test('is never stored, and never shown to another user', async ({ origin }) => {
    for (const user of ['Ada', 'Grace']) {
      const cookie = await logIn(origin, user)
      for (let times = 0; times < 2; times++) {
        const page = await (await fetch(`${origin}/account`, { headers: { cookie } })).text()
        expect(page).toContain(`Hello, ${user}`)
        await visit(`${origin}/account/login`, { headers: { cookie } })
      }
    }
    await fill(origin, '/')
    expect(await cached(origin)).toEqual(['/'])
  })

  test('does not keep a user who is logged in from what is shared', async ({ origin }) => {
    await fill(origin, '/')
    expect(await visit(origin, { headers: { cookie: await logIn(origin, 'Ada') } })).toBe('hit')
  })

  test('ends with logging out', async ({ origin }) => {
    const cookie = await logIn(origin, 'Ada')
    await post(`${origin}/account/logout`, {}, { cookie })
    const { status } = await fetch(`${origin}/account`, { headers: { cookie }, redirect: 'manual' })
    expect(status).toBe(303)
  })
})

describe('who is refused', () => {
  test.for([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('a request with %o may not purge', async (headers: Record<string, string>, { origin }) => {
    await fill(origin, '/')
    expect(await purgeFrom(origin, headers)).toBe(403)
    expect(await cached(origin)).toEqual(['/'])
  })

  test('another host name may not see what is cached, and fills nothing', async ({ origin }) => {
    expect(await purgeFrom(origin, { host: 'evil.example' })).toBe(403)
    await send(`${origin}/prints/rabbit`, { headers: { host: 'evil.example' } })
    expect(await cached(origin)).toEqual([])
  })
})

test('what others have written is escaped in pages', async ({ origin }) => {
  const hostile = '"><script>alert(1)</script>'
  const cookie = await logIn(origin, hostile)
  const account = await (await fetch(`${origin}/account`, { headers: { cookie } })).text()
  expect(account).toContain('Hello, &#34;&#62;&#60;script&#62;')
  // As it came: other clients than browsers do not encode it.
  await send(origin, { path: `/?${hostile}` })
  const content = async () => (await fetch(`${origin}/cache`)).text()
  await expect.poll(content).toContain('value="http://prints.localhost/?&#34;&#62;&#60;script&#62;')
  expect(await content()).not.toContain('<script>')
})

/** Windows cannot ask a process to end. */
const ENDS_ON_SIGNALS = process.platform !== 'win32'

describe('two processes on one directory', () => {
  test.skipIf(!ENDS_ON_SIGNALS)(
    'answer with what the other has stored, and purge it',
    async ({ directory, origin }) => {
      await using other = await ShopProcess.start(directory)
      await fill(origin, '/prints/fern')
      expect(await visit(`${other.origin}/prints/fern`)).toBe('hit')
      expect(await cached(other.origin)).toEqual(['/prints/fern'])

      const cookie = await logIn(other.origin, 'Ada')
      await post(`${other.origin}/account/orders`, { print: 'fern' }, { cookie })
      const response = await fetch(`${origin}/prints/fern`)
      expect(response.headers.get('cache-status')).toContain('stored')
      expect(await response.text()).toContain('<dd>7</dd>')
      expect(await other.stop()).toBe(0)
    },
  )

  test.skipIf(!ENDS_ON_SIGNALS)(
    'a process that is asked to end first gives its answers',
    async ({ directory }) => {
      await using process = await ShopProcess.start(directory, 50)
      const response = await fetch(`${process.origin}/sales.csv`)
      const stopped = process.stop()
      expect((await response.text()).split('\n')).toHaveLength(12 * 4_000 + 2)
      expect(await stopped).toBe(0)
      await using next = await ShopProcess.start(directory)
      expect(await visit(`${next.origin}/sales.csv`)).toBe('hit')
    },
  )
})
