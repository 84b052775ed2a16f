import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { Disk } from '@diskcache/core'
import { test as base, expect } from 'vitest'
import { CacheParts } from '../operations/cache-parts.ts'
import { CommandQueue } from './command-queue.ts'

const test = base.extend<{ parts: CacheParts; queue: CommandQueue }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  parts: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-test-'))
    const open = {
      settings: {},
      timeout: 1_000,
      asyncTimeout: 1_000,
      openTimeout: 0,
      shards: 1,
      initialSettings: {},
      readonly: false,
      onCorrupt: 'throw' as const,
      onUnsafe: 'warn' as const,
      disk: Disk,
    }
    const parts = new CacheParts(directory, { ...open, clock: Date.now })
    await use(parts)
    expect(parts.check.run(false)).toEqual([])
    parts.context.directory.connection.close()
    rmSync(directory, { recursive: true })
  },
  queue: async ({ parts }, use) => {
    await use(new CommandQueue(parts.context, parts.writer, { timeout: 1_000 }))
  },
})

/** Value files that this process has open. */
function openFiles(): number {
  return readdirSync('/proc/self/fd').filter(isValueFile).length
}

function isValueFile(descriptor: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).endsWith('.val')
  } catch {
    // The one by which the directory was read.
    return false
  }
}

test('CommandQueue repeats commands one by one when their transaction is rolled back, so that only what fails again rejects', async ({
  parts,
  queue,
}) => {
  const { connection } = parts.context.directory
  const set = (key: string, size: number) =>
    queue.submit(parts.items.set(key, Buffer.alloc(size), undefined), undefined)
  parts.context.directory.configure({ cullLimit: 0 })
  await set('before', 10)
  // As on a full disk: the database may not grow by more than a few pages.
  const pages = Number(connection.query<{ page_count: bigint }>('PRAGMA page_count').get()?.page_count)
  connection.execute(`PRAGMA max_page_count = ${pages + 3}`)
  const results = await Promise.allSettled([
    set('a', 100),
    set('large', 30_000),
    set('b', 100),
    set('c', 100),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(results[1]).toMatchObject({ reason: { code: 'ERR_DISKCACHE_FULL' } })
  expect([...parts.iteration.keys({})]).toEqual(['before', 'a', 'b', 'c'])
})

test.runIf(process.platform === 'linux')(
  'CommandQueue leaves no descriptor open when a read was part of a transaction that is rolled back',
  async ({ parts, queue }) => {
    const { connection } = parts.context.directory
    const set = (key: string, size: number) =>
      queue.submit(parts.items.set(key, Buffer.alloc(size), undefined), undefined)
    parts.context.directory.configure({ cullLimit: 0 })
    await set('file', 100_000)
    const pages = Number(connection.query<{ page_count: bigint }>('PRAGMA page_count').get()?.page_count)
    connection.execute(`PRAGMA max_page_count = ${pages}`)
    const columns = parts.items.encodeKey('file')
    const before = openFiles()
    const apply = () => parts.asyncReader.open(columns, parts.context.now())
    const read = queue.submit({ orderKeys: [columns], values: [], apply }, undefined)
    await expect(set('large', 30_000)).rejects.toMatchObject({ code: 'ERR_DISKCACHE_FULL' })
    const opened = await read
    expect(openFiles()).toBe(before + 1)
    expect(opened && (await parts.asyncReader.load(opened))?.value).toEqual(Buffer.alloc(100_000))
    expect(openFiles()).toBe(before)
  },
)

test('CommandQueue runs a command that throws before it writes only once', async ({ queue, parts }) => {
  let runs = 0
  const failing = {
    orderKeys: [],
    values: [],
    apply: () => {
      runs++
      throw new Error('no')
    },
  }
  const results = await Promise.allSettled([
    queue.submit(parts.items.set('a', 1, undefined), undefined),
    queue.submit(failing, undefined),
    queue.submit(parts.items.set('b', 1, undefined), undefined),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(runs).toBe(1)
})

test('CommandQueue lets commands of other lanes overtake one whose file is being written', async ({
  queue,
  parts,
}) => {
  const order: string[] = []
  const submit = (key: string, value: unknown) =>
    queue
      .submit(parts.items.set(key, value, undefined), undefined)
      .then(() => order.push(`${key} ${typeof value}`))
  await Promise.all([submit('a', Buffer.alloc(5_000_000)), submit('b', 1), submit('a', 2)])
  expect(order).toEqual(['b number', 'a object', 'a number'])
})

test('CommandQueue holds back everything behind a barrier', async ({ queue, parts }) => {
  const order: string[] = []
  const note = (name: string) => () => order.push(name)
  await Promise.all([
    queue.submit(parts.items.set('a', Buffer.alloc(1_000_000), undefined), undefined).then(note('before')),
    queue.barrier(async () => note('barrier')(), undefined),
    queue.submit(parts.items.set('b', 1, undefined), undefined).then(note('after')),
  ])
  expect(order).toEqual(['before', 'barrier', 'after'])
})

test('CommandQueue aborts what is pending on a signal that others have done with', async ({
  queue,
  parts,
}) => {
  const controller = new AbortController()
  const { signal } = controller
  const submit = (key: string, value: unknown) => queue.submit(parts.items.set(key, value, undefined), signal)
  const slow = submit('slow', Buffer.alloc(5_000_000))
  await submit('quick', 1)
  controller.abort(new Error('enough'))
  await expect(slow).rejects.toThrow('enough')
  await queue.idle()
  expect([...parts.iteration.keys({})]).toEqual(['quick'])
})

test('CommandQueue goes on with what waited for a command that is aborted while its file is being written', async ({
  queue,
  parts,
}) => {
  const controller = new AbortController()
  const large = parts.items.set('a', Buffer.alloc(5_000_000), undefined)
  const slow = queue.submit(large, controller.signal)
  const behind = queue.submit(parts.items.set('a', 1, undefined), undefined)
  const barrier = queue.barrier(async () => 'passed', undefined)
  // By now the queue has found that nothing can run yet, and rests.
  await turn()
  await turn()
  controller.abort(new Error('enough'))
  await expect(slow).rejects.toThrow('enough')
  expect(await Promise.all([behind, barrier])).toEqual([true, 'passed'])
  await queue.idle()
})

test('CommandQueue goes on with what waited for a command whose file cannot be written', async ({
  queue,
  parts,
}) => {
  const unwritable = { mode: 1, data: Symbol('no bytes') as never, isFile: true } as const
  const failing = queue.submit(
    { orderKeys: [parts.items.encodeKey('x')], values: [unwritable], apply: () => true },
    undefined,
  )
  const barrier = queue.barrier(async () => 'passed', undefined)
  await expect(failing).rejects.toThrow()
  expect(await barrier).toBe('passed')
})

test('CommandQueue runs what becomes ready at any moment', async ({ queue, parts }) => {
  for (let i = 0; i < 300; i++) {
    const value = i % 3 === 0 ? Buffer.alloc(40_000) : i
    const stored = queue.submit(parts.items.set(i, value, undefined), undefined)
    // Submitted from continuations at various distances from the one that ends the queue's work.
    await stored
    for (let step = 0; step < i % 5; step++) await null
  }
  expect([...parts.iteration.keys({})]).toHaveLength(300)
})
