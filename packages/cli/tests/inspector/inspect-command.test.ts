import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { directoryTest } from '@diskcache/testkit'
import { afterEach, expect } from 'vitest'
import type { EntriesPage, Overview } from '../../src/inspector/protocol/api.ts'
import { ask, askJson, change, entryOf } from './ask.ts'

const MAIN = resolve(import.meta.dirname, '../../dist/main.js')

const test = directoryTest
const children: ChildProcess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

/** Runs `inspect`, and returns the process, the address of its page, and what it has said beside. */
async function inspect(directory: string, args: readonly string[] = [], how: SpawnOptions = {}) {
  const child = spawn(process.execPath, [MAIN, 'inspect', directory, ...args], { ...how, stdio: 'pipe' })
  children.push(child)
  let remarks = ''
  child.stderr.on('data', (chunk) => {
    remarks += chunk
  })
  const [url = ''] = await Promise.race([
    once(createInterface(child.stdout), 'line') as Promise<string[]>,
    once(child, 'close').then(() => []),
  ])
  return { child, url, remarks: () => remarks }
}

/** Everything in a directory: names, contents, and times. */
function traceOf(directory: string): unknown {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { mtimeMs, ctimeMs, size, mode } = statSync(join(directory, name))
      const content = statSync(join(directory, name)).isFile()
        ? readFileSync(join(directory, name), 'base64')
        : ''
      return { name, mtimeMs, ctimeMs, size, mode, content }
    })
}

test('inspect shows the page until SIGINT, and leaves no trace of it', async ({ directory }) => {
  const cache = new Cache(directory, { statistics: true })
  cache.set('a', 1, { tag: 'x' })
  cache.set('large', Buffer.alloc(100_000))
  cache.close()
  const before = traceOf(directory)

  const { child, url } = await inspect(directory)
  expect(await askJson<Overview>(url, 'api/overview')).toMatchObject({ isReadonly: false, kind: 'cache' })
  expect((await askJson<EntriesPage>(url, 'api/entries')).entries.map(({ id }) => id)).toEqual([
    'sa',
    'slarge',
  ])
  for (const path of ['', entryOf('sa'), entryOf('slarge', 'bytes'), 'api/survey', 'api/live'])
    expect((await ask(url, path)).status).toBe(200)
  // Somebody still looks.
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([130, null])
  expect(traceOf(directory)).toEqual(before)
})

test('inspect leaves no trace in a directory with shards', async ({ directory }) => {
  const cache = new FanoutCache(directory, { shards: 2 })
  for (const key of ['a', 'b', 'c', 'd']) cache.set(key, 1)
  cache.close()
  const before = traceOf(directory)
  const { child, url } = await inspect(directory)
  const { entries } = await askJson<EntriesPage>(url, 'api/entries?order=key')
  expect(entries.map(({ id }) => id)).toEqual(['sa', 'sb', 'sc', 'sd'])
  for (const path of ['api/overview', ...entries.map(({ id }) => entryOf(id)), 'api/survey', 'api/live'])
    expect((await ask(url, path)).status, path).toBe(200)
  child.kill('SIGINT')
  await once(child, 'exit')
  expect(traceOf(directory)).toEqual(before)
})

test('inspect shows what other processes change, and changes what its page asks for', async ({
  directory,
}) => {
  using cache = new Cache(directory)
  cache.set('a', 1)
  const { url } = await inspect(directory)
  cache.set('b', 2)
  await expect.poll(async () => (await ask(url, entryOf('sb'))).status).toBe(200)
  expect(await askJson(url, 'api/delete', change(url, { id: 'sb' }))).toEqual({ entries: 1 })
  expect(cache.has('b')).toBe(false)
  await expect.poll(async () => (await ask(url, entryOf('sb'))).status).toBe(404)
})

test('inspect works while a writer holds the lock; a change says that it cannot', async ({ directory }) => {
  using cache = new Cache(directory)
  cache.set('a', 1)
  cache.close()
  const locker = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { Cache } from '@diskcache/cache'
       const cache = new Cache(process.argv[1])
       cache.transact(() => {
         cache.set('b', 2)
         process.stdout.write('locked\\n')
         Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000)
       })`,
      directory,
    ],
    { cwd: resolve(import.meta.dirname, '../..'), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  children.push(locker)
  await once(createInterface(locker.stdout!), 'line')
  const { url } = await inspect(directory, ['--readonly'])
  for (const path of ['api/overview', 'api/entries', entryOf('sa'), 'api/survey', 'api/live'])
    expect((await ask(url, path)).status, path).toBe(200)
  expect((await ask(url, entryOf('sb'))).status).toBe(404)
})

test('inspect --readonly refuses changes, and says so', async ({ directory }) => {
  new Cache(directory).close()
  const { url, remarks } = await inspect(directory, ['--readonly'])
  expect(await askJson<Overview>(url, 'api/overview')).toMatchObject({ isReadonly: true })
  const answer = await ask(url, 'api/evict', change(url, { tag: '"x"' }))
  expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('only reads')])
  expect(remarks()).toContain('Nothing can be changed: --readonly')
})

test.skipIf(process.getuid?.() !== 0)(
  'inspect only reads where this user may not write',
  async ({ directory }) => {
    const cache = new Cache(directory)
    cache.set('a', 1)
    cache.close()
    chmodSync(directory, 0o755)
    for (const { name, parentPath } of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const path = join(parentPath, name)
      chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644)
    }
    const before = traceOf(directory)
    const { child, url, remarks } = await inspect(directory, [], { uid: 65_534 })
    expect(remarks()).toContain('Nothing can be changed: this user may only read it')
    expect(await askJson<Overview>(url, 'api/overview')).toMatchObject({ isReadonly: true })
    expect((await askJson<EntriesPage>(url, 'api/entries')).entries.map(({ id }) => id)).toEqual(['sa'])
    expect((await ask(url, 'api/delete', change(url, { id: 'sa' }))).status).toBe(403)
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(traceOf(directory)).toEqual(before)
  },
)

test.skipIf(process.getuid?.() !== 0)(
  'inspect makes nothing beside a database of another user in a directory that all may write',
  async ({ directory }) => {
    const cache = new FanoutCache(directory, { shards: 2 })
    cache.set('a', 1)
    cache.close()
    for (const part of ['.', '000', '001']) chmodSync(join(directory, part), 0o777)
    chmodSync(join(directory, 'cache.db-shards'), 0o644)
    for (const part of ['000', '001']) chmodSync(join(directory, part, 'cache.db'), 0o644)
    const before = traceOf(directory)
    const { url, remarks } = await inspect(directory, [], { uid: 65_534 })
    expect(remarks()).toContain('Nothing can be changed: this user may only read it')
    expect((await ask(url, 'api/delete', change(url, { id: 'sa' }))).status).toBe(403)
    expect(traceOf(directory)).toEqual(before)
  },
)

test('inspect takes a port, and names the way out when it is in use', async ({ directory }) => {
  new Cache(directory).close()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const taken = await inspect(directory, ['--port', String(port)])
  expect(taken.url).toBe('')
  expect(taken.remarks()).toContain(
    `Cannot listen on 127.0.0.1, port ${port}: it is in use; give another --port`,
  )
  expect(taken.remarks()).not.toContain('    at ')
  server.close()
  await once(server, 'close')
  const { url } = await inspect(directory, ['--port', String(port)])
  expect(new URL(url).host).toBe(`127.0.0.1:${port}`)
})

test('inspect listens for this machine alone, and wants a port', async ({ directory }) => {
  new Cache(directory).close()
  for (const args of [
    ['--host', '0.0.0.0'],
    ['--host', 'example.org'],
    ['--port', '70000'],
    ['--port', 'x'],
  ]) {
    const { child, url, remarks } = await inspect(directory, args)
    expect([url, child.exitCode === 0], args.join(' ')).toEqual(['', false])
    expect(remarks()).toMatch(/only this machine|from 0 to 65535/)
  }
})

test.skipIf(process.platform !== 'linux')(
  'inspect --open tells nobody else the address',
  async ({ directory }) => {
    new Cache(join(directory, 'cache')).close()
    const told = join(directory, 'told')
    writeFileSync(
      join(directory, 'xdg-open'),
      `#!/bin/sh\necho "$@" > ${told}.part && mv ${told}.part ${told}\n`,
      { mode: 0o700 },
    )
    const env = { ...process.env, PATH: `${directory}:${process.env.PATH}` }
    const { child, url } = await inspect(join(directory, 'cache'), ['--open'], { env })
    await expect.poll(() => existsSync(told)).toBe(true)
    const file = readFileSync(told, 'utf8').trim()
    expect(file).not.toContain(new URL(url).pathname)
    expect(readFileSync(file, 'utf8')).toContain(`url=${url}"`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    child.kill('SIGINT')
    await once(child, 'exit')
    expect(existsSync(file)).toBe(false)
  },
)
