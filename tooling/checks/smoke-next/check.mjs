/**
 * That two servers of one build answer as one, see each other's revalidations at once, and find all answers after they have
 * been started again: one is `next start`, the other the standalone server.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

const NEXT = 'node_modules/next/dist/bin/next'
const PATHS = ['/isr', '/static', '/route', '/stored', '/fetched', '/used', '/old']
const LONGEST = 20_000 // ms
const running = new Set()

let answers = 0
const origin = createServer((_request, response) => response.end(`made by the origin: ${++answers}`))
await once(origin.listen(0, '127.0.0.1'), 'listening')
const ORIGIN = `http://127.0.0.1:${origin.address().port}`

const folder = mkdtempSync(join(tmpdir(), 'diskcache-next-'))
const directory = join(folder, 'cache')

try {
  await build()
  // Beside the project it would find what it was not given.
  cpSync('.next/standalone', join(folder, 'standalone'), { recursive: true })
  const started = [NEXT, 'start', '-H', '127.0.0.1']
  const standalone = [join(folder, 'standalone/server.js')]

  let [one, two] = await Promise.all([start(started), start(standalone)])
  const before = await shared(one, two)
  await stop(two)
  two = await start(standalone)
  assert.deepEqual(await allFrom(two), before)
  for (const { url } of [one, two]) {
    assert.equal((await fetch(`${url}/absent`)).status, 404)
    const prefetched = await fetch(`${url}/static`, { headers: { rsc: '1', 'next-router-prefetch': '1' } })
    assert.match(await prefetched.text(), /made/)
  }

  for (const tag of ['static', 'stored', 'fetched', 'used']) {
    await changes(two, `/${tag}`, () => ask(one, '/revalidate', { tag, profile: { expire: 0 } }))
    await changes(one, `/${tag}`, () => ask(two, '/revalidate', { tag, profile: 'max' }), 'old meanwhile')
  }
  for (const path of PATHS) {
    if (path !== '/old') await changes(two, path, () => ask(one, '/revalidate', { path }))
  }
  await changes(two, '/old', () => ask(one, '/api/renew'))
  const after = await shared(one, two)

  await Promise.all([one, two].map(stop))
  assert.deepEqual(await allFrom(await start(started)), after)
} finally {
  await Promise.all([...running].map(stop))
  origin.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Two servers answer the same, which one of them has made. */
async function shared(one, two) {
  const made = await allFrom(one)
  assert.deepEqual(await allFrom(two), made)
  return made
}

async function allFrom(server) {
  const texts = []
  for (const path of PATHS) texts.push([path, await ask(server, path)])
  return Object.fromEntries(texts)
}

/** The server's next answer is another one, or, if an old one may be given meanwhile, one of the next. */
async function changes(server, path, revalidate, old) {
  const before = await ask(server, path)
  await revalidate()
  if (old !== undefined)
    assert.equal(await ask(server, path), before, `${path} is not served while it is made anew`)
  for (const end = Date.now() + LONGEST; ; await pause(50)) {
    if ((await ask(server, path)) !== before) return
    assert.ok(old !== undefined && Date.now() < end, `${path} did not change`)
  }
}

async function ask(server, path, body) {
  const init = body && { method: 'POST', body: JSON.stringify(body) }
  const response = await fetch(server.url + path, init)
  const text = await response.text()
  assert.equal(response.status, 200, `${path}: ${text}`)
  return /made by [^<"]*/.exec(text)?.[0]
}

async function start(words) {
  const port = String(await freePort())
  const child = next(words, { PORT: port, HOSTNAME: '127.0.0.1', ORIGIN })
  running.add(child)
  child.url = `http://127.0.0.1:${port}`
  const { promise, resolve, reject } = Promise.withResolvers()
  createInterface(child.stdout).on('line', (line) => line.includes('Ready') && resolve())
  child.once('exit', () => reject(new Error(`${words.join(' ')} ended`)))
  await promise
  return child
}

async function stop(child) {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}

function next(words, env = {}) {
  const common = { NEXT_TELEMETRY_DISABLED: '1', CACHE_DIRECTORY: directory }
  return spawn(process.execPath, words, {
    env: { ...process.env, ...common, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function build() {
  const child = next([NEXT, 'build'])
  child.stdout.pipe(process.stdout)
  const [code] = await once(child, 'exit')
  assert.equal(code, 0, 'next build failed')
}

async function freePort() {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address()
  await once(server.close(), 'close')
  return port
}
