import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'vitest'
import { page, requestOf, statusOf, webTest as test } from './web-test.ts'

const MiB = 1024 ** 2

/** A body of so many chunks, of which it is known how many were asked for, and whether the rest is unwanted. */
class Source {
  made = 0
  isCancelled = false
  readonly stream: ReadableStream<Uint8Array>

  constructor(chunks: number, size = 1_000) {
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      if (this.made === chunks) return controller.close()
      controller.enqueue(new Uint8Array(size).fill(++this.made))
    }
    const cancel = () => {
      this.isCancelled = true
    }
    this.stream = new ReadableStream({ pull, cancel }, { highWaterMark: 0 })
  }
}

async function turns(count = 50): Promise<void> {
  for (let at = 0; at < count; at++) await turn()
}

test('a stream goes to the client and into the store', async ({ newCache, activity }) => {
  const handle = newCache().wrap(() => page(new Source(20, MiB / 4).stream))
  const first = new Uint8Array(await (await handle(requestOf())).arrayBuffer())
  await activity.settled()
  const hit = await handle(requestOf())
  expect(statusOf(hit)).toBe('diskcache; hit; ttl=60')
  expect(Buffer.compare(first, new Uint8Array(await hit.arrayBuffer()))).toBe(0)
})

test('a client that does not read on holds the handler up', async ({ newCache }) => {
  const source = new Source(100, 100_000)
  const response = await newCache().wrap(() => page(source.stream))(requestOf())
  await turns()
  expect(source.made).toBeLessThan(5)
  expect((await response.arrayBuffer()).byteLength).toBe(10_000_000)
})

test('a client that does not read on holds up nobody who waits for a stale answer to be renewed', async ({
  newCache,
  activity,
  clock,
}) => {
  let runs = 0
  const handle = newCache({ collapse: { timeout: 100_000 } }).wrap(() => {
    runs++
    return page(new Source(100, 100_000).stream)
  })
  await (await handle(requestOf())).arrayBuffer()
  await activity.settled()
  clock.advance(61_000)
  const deaf = await handle(requestOf())
  const other = await handle(requestOf())
  expect([statusOf(other), runs]).toEqual(['diskcache; fwd=stale; collapsed; ttl=60', 3])
  await Promise.all([deaf.body?.cancel(), other.body?.cancel()])
})

test('a client that does not read on holds up what is read from disk', async ({ newCache, activity }) => {
  const handle = newCache().wrap(() => page(new Source(100, 100_000).stream))
  await (await handle(requestOf())).arrayBuffer()
  await activity.settled()
  const reader = ((await handle(requestOf())).body as ReadableStream<Uint8Array>).getReader()
  let bytes = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength
    await turn()
  }
  expect(bytes).toBe(10_000_000)
})

test('a client that leaves does not take from others what is stored', async ({ newCache, activity }) => {
  const source = new Source(100, 10_000)
  let runs = 0
  const handle = newCache().wrap(() => {
    runs++
    return page(source.stream)
  })
  const response = await handle(requestOf())
  await response.body?.cancel()
  while (source.made < 100) await turn()
  await turns()
  await activity.settled()
  expect((await (await handle(requestOf())).arrayBuffer()).byteLength).toBe(1_000_000)
  expect([source.isCancelled, runs]).toEqual([false, 1])
})

test('a client that leaves cancels what is not stored', async ({ newCache }) => {
  const cache = newCache({ maxBodySize: 50_000 })
  const source = new Source(1_000, 10_000)
  const response = await cache.wrap(() => page(source.stream))(requestOf())
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  for (let at = 0; at < 10; at++) await reader.read()
  await reader.cancel('enough')
  await turns()
  expect(source.isCancelled).toBe(true)
  expect(source.made).toBeLessThan(30)
})

test('a client that leaves cancels a handler that says nothing more', async ({ newCache }) => {
  let isCancelled = false
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(10)),
    cancel: () => {
      isCancelled = true
    },
  })
  const response = await newCache().wrap(() => page(stream))(requestOf())
  await response.body?.cancel()
  while (!isCancelled) await new Promise((resolve) => setTimeout(resolve, 10))
})

test('a body that breaks off is broken off for the client, and not stored', async ({
  newCache,
  activity,
}) => {
  let runs = 0
  const handle = newCache().wrap(() => {
    let parts = 0
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      if (++parts === 3) controller.error(new Error('it breaks'))
      else controller.enqueue(new Uint8Array(10))
    }
    return ++runs === 1 ? page(new ReadableStream({ pull }, { highWaterMark: 0 })) : page('well')
  })
  await expect((await handle(requestOf())).arrayBuffer()).rejects.toThrow('it breaks')
  await activity.settled()
  expect(await (await handle(requestOf())).text()).toBe('well')
})

test('a client that leaves while it waits for another gets an error, and asks nobody', async ({
  newCache,
}) => {
  const gate = Promise.withResolvers<void>()
  let runs = 0
  const handle = newCache().wrap(async () => {
    runs++
    await gate.promise
    return page('page')
  })
  const first = handle(requestOf())
  const leaving = new AbortController()
  const second = handle(requestOf({}, { signal: leaving.signal }))
  await turns()
  leaving.abort(new Error('it leaves'))
  gate.resolve()
  await expect(second).rejects.toThrow('it leaves')
  expect([await (await first).text(), runs]).toEqual(['page', 1])
})

test('a handler that fails because its client has left fails for nobody else', async ({ newCache }) => {
  let runs = 0
  const handle = newCache().wrap(async ({ signal }: Request) => {
    if (++runs > 1) return page('page')
    return await new Promise<Response>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason)),
    )
  })
  const leaving = new AbortController()
  const first = handle(requestOf({}, { signal: leaving.signal }))
  await turns()
  const second = handle(requestOf())
  await turns()
  leaving.abort(new Error('it leaves'))
  await expect(first).rejects.toThrow('it leaves')
  expect([await (await second).text(), runs]).toEqual(['page', 2])
})
