import { AsyncLocalStorage } from 'node:async_hooks'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import {
  type ArgumentsHost,
  type ExceptionFilter,
  HttpException,
  type INestApplication,
  type NestInterceptor,
  Redirect,
  Render,
  RequestTimeoutException,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import compression from 'compression'
import { catchError, finalize, map, NEVER, of, tap, throwError, timeout } from 'rxjs'
import { expect, vi } from 'vitest'
import { KINDS, onEach, test } from './application.ts'
import { type AnyRequest, type AnyResponse, counter, serve } from './routes.ts'

/** More than is sent in one piece. */
const LARGE = 'large '.repeat(500_000)

/** As in Nest's documentation, with another time. */
function timeoutAfter(each: number): NestInterceptor {
  return {
    intercept: (_context, next) =>
      next.handle().pipe(
        timeout(each),
        catchError((error) => throwError(() => new RequestTimeoutException(error))),
      ),
  }
}

/** Answers every failure itself, as the filters of applications do, whether or not somebody has answered. */
function answeringFilter(caught: (error: unknown) => void): ExceptionFilter {
  return {
    catch(error: unknown, host: ArgumentsHost) {
      caught(error)
      const status = error instanceof HttpException ? error.getStatus() : 500
      host
        .switchToHttp()
        .getResponse<AnyResponse>()
        .status(status)
        .header('X-Failed', '1')
        .send({ failed: true })
    },
  }
}

test.for(KINDS)(
  'CachedResponse answers a hit of a handler that answers itself, on %s',
  async (kind, { applications }) => {
    const handler = vi.fn((_request: AnyRequest, response: AnyResponse) => {
      response.send({ page: 1 })
      return { page: 1 }
    })
    const client = await serve(applications, kind, { own: { handler, passthrough: false } })
    for (const cache of ['MISS', 'HIT', 'HIT'])
      expect(await client.get('own')).toMatchObject({ cache, text: '{"page":1}', status: 200 })
    expect(handler).toHaveBeenCalledTimes(1)
  },
)

test.for(KINDS)(
  'CachedResponse keeps what interceptors outside of it make, which see undefined on a hit, on %s',
  async (kind, { applications }) => {
    const seen: unknown[] = []
    const completed = vi.fn()
    const wrapping: NestInterceptor = {
      intercept: (_context, next) =>
        next.handle().pipe(
          tap((value) => seen.push(value)),
          map((data) => ({ data })),
          finalize(completed),
        ),
    }
    const decorators = [UseInterceptors(wrapping)]
    const client = await serve(
      applications,
      kind,
      { list: { handler: () => 'a', decorators } },
      (application) => void application.useGlobalInterceptors(wrapping),
    )
    for (const cache of ['MISS', 'HIT'])
      expect(await client.get('list')).toMatchObject({ cache, text: '{"data":{"data":"a"}}' })
    await vi.waitFor(() => expect(completed).toHaveBeenCalledTimes(3))
    // The one that is written above stands inside.
    expect(seen).toEqual(['a', { data: 'a' }, undefined])
  },
)

test.for(
  onEach([
    ['small', 'small'],
    ['large', LARGE],
  ]),
)(
  'CachedResponse on %s sends a %s hit whole though an outer interceptor fails, and a filter answers',
  async ([kind, , body], { applications }) => {
    const failing: NestInterceptor = {
      intercept: (_context, next) => next.handle().pipe(map((value: string) => value.toString())),
    }
    const caught = vi.fn()
    const configure = (application: INestApplication) => {
      application.useGlobalInterceptors(failing)
      application.useGlobalFilters(answeringFilter(caught))
    }
    const client = await serve(applications, kind, { list: { handler: () => body } }, configure)
    for (const cache of ['MISS', 'HIT', 'HIT']) {
      const answer = await client.get('list')
      expect([answer.cache, answer.text === body]).toEqual([cache, true])
      expect(answer.headers['x-failed']).toBeUndefined()
    }
    expect(caught).toHaveBeenCalledTimes(2)
  },
)

test.for(KINDS)(
  'CachedResponse keeps the default filter from ending a hit, on %s',
  async (kind, { applications }) => {
    const failing: NestInterceptor = {
      intercept: (_context, next) =>
        next.handle().pipe(map((value) => value ?? Reflect.apply(Reflect.get, undefined, [undefined]))),
    }
    const client = await serve(applications, kind, { list: { handler: () => LARGE } }, (application) => {
      application.useGlobalInterceptors(failing)
    })
    for (const _ of [1, 2, 3]) expect((await client.get('list')).text === LARGE).toBe(true)
  },
)

test.for(KINDS)(
  'CachedResponse sends a hit whole though an outer interceptor gives a stream, on %s',
  async (kind, { applications }) => {
    const streaming: NestInterceptor = {
      intercept: (_context, next) =>
        next.handle().pipe(map((value) => new StreamableFile(Buffer.from(`${value} streamed`)))),
    }
    const client = await serve(applications, kind, { list: { handler: () => 'a' } }, (application) => {
      application.useGlobalInterceptors(streaming)
    })
    for (const cache of ['MISS', 'HIT', 'HIT'])
      expect(await client.get('list')).toMatchObject({ cache, text: 'a streamed' })
  },
)

test.for(KINDS)(
  'CachedResponse lets no timeout of an outer interceptor come on a hit, on %s',
  async (kind, { applications }) => {
    const caught = vi.fn()
    const configure = (application: INestApplication) => {
      application.useGlobalInterceptors(timeoutAfter(1_000))
      application.useGlobalFilters(answeringFilter(caught))
    }
    const client = await serve(applications, kind, { list: { handler: counter() } }, configure)
    for (const cache of ['MISS', 'HIT']) expect((await client.get('list')).cache).toBe(cache)
    await delay(1_100)
    expect(caught).not.toHaveBeenCalled()
  },
)

test.for(KINDS)(
  'CachedResponse lets Nest answer who waits for too long, and the others wait on, on %s',
  async (kind, { applications }) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const handler = vi.fn(() => promise)
    const waiting: NestInterceptor = {
      intercept: (context, next) => {
        const { headers } = context.switchToHttp().getRequest<AnyRequest>()
        return headers.hurried === undefined ? next.handle() : timeoutAfter(50).intercept(context, next)
      },
    }
    const client = await serve(applications, kind, { list: { handler } }, (application) => {
      application.useGlobalInterceptors(waiting)
    })
    const first = client.get('list')
    await vi.waitFor(() => expect(handler).toHaveBeenCalled())
    expect(await client.get('list', { hurried: '1' })).toMatchObject({ status: 408 })
    resolve('a')
    expect(await first).toMatchObject({ status: 200, text: 'a' })
    expect(await client.get('list', { hurried: '1' })).toMatchObject({ cache: 'HIT', text: 'a' })
    expect(handler).toHaveBeenCalledTimes(1)
  },
)

test.for(KINDS)(
  'CachedResponse keeps nothing of a handler that took too long, on %s',
  async (kind, { applications }) => {
    const handler = vi.fn(async () => {
      if (handler.mock.calls.length === 1) await delay(200)
      return 'a'
    })
    const client = await serve(applications, kind, { list: { handler } }, (application) => {
      application.useGlobalInterceptors(timeoutAfter(100))
    })
    const late = await client.get('list')
    expect([late.status, late.headers['cache-status']]).toEqual([
      408,
      'diskcache; fwd=uri-miss; detail=status',
    ])
    await delay(200)
    expect(await client.get('list')).toMatchObject({ cache: 'MISS', status: 200, text: 'a' })
  },
)

test.for(KINDS)(
  'CachedResponse passes failures to the filters, and keeps them not, on %s',
  async (kind, { applications }) => {
    const caught = vi.fn()
    const handler = vi.fn(() => {
      throw new HttpException('no', 418)
    })
    const client = await serve(applications, kind, { list: { handler } }, (application) => {
      application.useGlobalFilters(answeringFilter(caught))
    })
    for (const _ of [1, 2])
      expect(await client.get('list')).toMatchObject({ status: 418, text: '{"failed":true}', cache: 'MISS' })
    expect(caught).toHaveBeenCalledTimes(2)
  },
)

test.for(KINDS)(
  'CachedResponse answers with a stale response when the handler fails, on %s',
  async (kind, { applications }) => {
    const handler = vi.fn(() => {
      if (handler.mock.calls.length > 1) throw new Error('no')
      return 'a'
    })
    const options = { ttl: 20, staleIfError: 60_000 }
    const client = await serve(applications, kind, { list: { handler, options } })
    await client.get('list')
    await delay(30)
    const stale = await client.get('list')
    expect([stale.status, stale.text]).toEqual([200, 'a'])
    expect(stale.headers['cache-status']).toMatch(/^diskcache; fwd=stale; fwd-status=500; ttl=-/)
  },
)

test.for(KINDS)(
  'CachedResponse makes a stale response anew in the background, as nobody, on %s',
  async (kind, { applications }) => {
    const asked: unknown[] = []
    const handler = vi.fn(({ headers }: AnyRequest) => {
      asked.push(headers['x-trace'])
      return `run ${asked.length}`
    })
    const options = { ttl: 20, staleWhileRevalidate: 60_000 }
    const client = await serve(applications, kind, { list: { handler, options } })
    await client.get('list', { 'x-trace': 'first' })
    await delay(30)
    expect(await client.get('list', { 'x-trace': 'second' })).toMatchObject({ cache: 'HIT', text: 'run 1' })
    await vi.waitFor(() => expect(asked).toEqual(['first', undefined]))
    await vi.waitFor(async () => expect((await client.get('list')).text).toMatch(/run [2-9]/))
  },
)

test.for(KINDS)(
  'CachedResponse keeps the AsyncLocalStorage of a request, on %s',
  async (kind, { applications }) => {
    const storage = new AsyncLocalStorage<string>()
    const storing: NestInterceptor = {
      intercept: (_context, next) => storage.run('mine', () => next.handle()),
    }
    const client = await serve(
      applications,
      kind,
      { list: { handler: () => String(storage.getStore()) } },
      (application) => {
        application.useGlobalInterceptors(storing)
      },
    )
    expect((await client.get('list')).text).toBe('mine')
  },
)

test.for(KINDS)(
  'CachedResponse makes a response anew outside of the context of any request, on %s',
  async (kind, { applications }) => {
    const user = new AsyncLocalStorage<string>()
    const seen: unknown[] = []
    const handler = () => {
      seen.push(user.getStore())
      return 'fine'
    }
    const options = { ttl: 20, staleWhileRevalidate: 60_000 }
    const client = await serve(
      applications,
      kind,
      { list: { handler, options } },
      // Somebody who enters, and does not think of requests that come another way.
      (application) =>
        application.use(({ headers }: AnyRequest, _response: unknown, next: () => void) =>
          headers['x-test-who'] ? user.run(String(headers['x-test-who']), next) : next(),
        ),
    )
    await client.get('list', { 'x-test-who': 'alice' })
    await delay(30)
    await client.get('list', { 'x-test-who': 'bob' })
    await vi.waitFor(() => expect(seen).toEqual(['alice', undefined]))
  },
)

test.for(KINDS)(
  'CachedResponse keeps what an observable gives, and what serialize makes, on %s',
  async (kind, { applications }) => {
    const client = await serve(applications, kind, {
      observable: { handler: () => of('a', 'b') },
      serialized: { handler: () => 'a', options: { ttl: 60_000, serialize: (value) => ({ value }) } },
    })
    for (const cache of ['MISS', 'HIT']) {
      expect(await client.get('observable')).toMatchObject({ cache, text: 'b' })
      expect(await client.get('serialized')).toMatchObject({ cache, text: '{"value":"a"}' })
    }
  },
)

test.for(KINDS)(
  'CachedResponse keeps a redirect that says how long it is fresh, on %s',
  async (kind, { applications }) => {
    const handler = (_request: AnyRequest, response: AnyResponse) => {
      response.header('Cache-Control', 'public, max-age=60')
    }
    const decorators = [Redirect('/elsewhere', 301)]
    const client = await serve(applications, kind, { old: { handler, decorators } })
    for (const cache of ['MISS', 'HIT']) {
      const { headers, ...answer } = await client.get('old')
      expect([answer.cache, answer.status, headers.location]).toEqual([cache, 301, '/elsewhere'])
    }
  },
)

test.for(KINDS)(
  'CachedResponse asks anew when the client of an observable has left, on %s',
  async (kind, { applications }) => {
    const unsubscribed = vi.fn()
    const handler = vi.fn(() =>
      handler.mock.calls.length === 1 ? NEVER.pipe(finalize(unsubscribed)) : of('b'),
    )
    const client = await serve(applications, kind, { list: { handler } })
    const left = new AbortController()
    const first = client.get('list', {}, 'GET', left.signal).catch(() => 'left')
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1))
    const second = client.get('list')
    left.abort()
    expect(await first).toBe('left')
    expect((await second).text).toBe('b')
    expect(unsubscribed).toHaveBeenCalledTimes(1)
  },
)

test.for(KINDS)(
  'CachedResponse gives others the answer to a client that has left, on %s',
  async (kind, { applications }) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const handler = vi.fn(() => promise)
    const client = await serve(applications, kind, { list: { handler } })
    const left = new AbortController()
    const first = client.get('list', {}, 'GET', left.signal).catch(() => 'left')
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1))
    const second = client.get('list')
    // It has arrived, and waits, before the first one leaves.
    await client.get('elsewhere')
    await delay(50)
    left.abort()
    expect(await first).toBe('left')
    await delay(50)
    resolve('a')
    expect((await second).text).toBe('a')
    expect(handler).toHaveBeenCalledTimes(1)
  },
)

test('CachedResponse renders no page on a hit', async ({ directory, applications }) => {
  const rendered = vi.fn(
    (_path: string, { name }: { name?: string }, done: (e: unknown, s?: string) => void) =>
      name === undefined ? done(new Error('no name')) : done(null, `page of ${name}`),
  )
  const configure = (application: INestApplication) => {
    writeFileSync(join(directory, 'page.txt'), '')
    const express = application as NestExpressApplication
    express.engine('txt', rendered as never)
    express.setViewEngine('txt')
    express.setBaseViewsDir(directory)
  }
  const routes = { page: { handler: () => ({ name: 'ada' }), decorators: [Render('page.txt')] } }
  const client = await serve(applications, 'Express', routes, configure)
  for (const cache of ['MISS', 'HIT', 'HIT'])
    expect(await client.get('page')).toMatchObject({ cache, text: 'page of ada' })
  expect(rendered).toHaveBeenCalledTimes(1)
})

test('CachedResponse goes with compression before it', async ({ applications }) => {
  const client = await serve(applications, 'Express', { list: { handler: () => LARGE } }, (application) => {
    application.use(compression())
  })
  for (const cache of ['MISS', 'HIT', 'HIT']) {
    const answer = await client.get('list', { 'accept-encoding': 'gzip' })
    expect([answer.cache, answer.headers['content-encoding']]).toEqual([cache, 'gzip'])
    expect(gunzipSync(answer.bytes).toString() === LARGE).toBe(true)
  }
})
