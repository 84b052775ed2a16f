import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { NPM } from '../../smoke/package-manager.ts'
import type { SmokeCheck } from '../../smoke/smoke-check.ts'
import type { Workbench } from '../../smoke/workbench.ts'
import { installGuide } from './guide-files.ts'
import { ask, RunningProgram } from './running-program.ts'

const LOOPBACK = { HOST: '127.0.0.1', PORT: '0' }
const PM2 = { pm2: '7.0.4' }

/** That the server of the guide, alone and with several workers, answers, and closes in order. */
export const SERVER_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'deployment: a server closes in order at SIGTERM, and finds all after its restart',
    run: async (bench) => {
      const folder = await installGuide(bench)
      for (const visits of [1, 2]) {
        const env = { ...LOOPBACK, CACHE_DIRECTORY: 'cache-of-server' }
        using server = new RunningProgram({ words: ['server.mjs'], folder, env })
        const address = await server.address()
        const ready = await fetch(`${address}/ready`, { headers: { connection: 'close' } })
        assert.equal(await ready.text(), 'ready')
        assert.equal((await ask(address)).visits, visits, 'a probe is no visit')
        await server.stop()
        assert.match(server.output, /SIGTERM: closing\nclosed\n$/)
        assertIsClosed(join(folder, 'cache-of-server'))
      }
    },
  },
  {
    title: 'deployment: workers of node:cluster share a directory, are replaced, and end together',
    run: async (bench) => {
      const folder = await installGuide(bench)
      const env = { ...LOOPBACK, CACHE_DIRECTORY: 'cache-of-cluster' }
      using primary = new RunningProgram({ words: ['cluster.mjs'], folder, env })
      const address = await primary.address()
      await primary.printed(/(listening[\s\S]*){2}/)
      const [killed] = await assertAreShared(address)
      process.kill(killed!, 'SIGKILL')
      await primary.printed(/(listening[\s\S]*){3}/)
      assert.equal((await ask(address)).visits, 11)
      await primary.stop()
      assert.match(primary.output, /(closed\n){1,2}$/)
      assertIsClosed(join(folder, 'cache-of-cluster'))
    },
  },
  {
    title: 'deployment: PM2 starts, reloads and stops the server in cluster mode',
    run: async (bench) => {
      const folder = await installGuide(bench)
      const { folder: tools } = await bench.install({
        title: 'pm2',
        manager: NPM,
        ours: [],
        others: PM2,
      })
      await runPm2(folder, tools)
    },
  },
  {
    title: 'deployment: threads, and a cache that an image brings along',
    run: async (bench) => {
      const folder = await installGuide(bench)
      for (const program of ['threads.mjs', 'fill.mjs', 'read.mjs']) await runGuide(bench, folder, program)
      assert.ok(!existsSync(join(folder, 'filled-cache', 'cache.db-wal')))
    },
  },
  ...(['bun', 'deno'] as const).map(otherRuntimeCheck),
]

function otherRuntimeCheck(runtime: 'bun' | 'deno'): SmokeCheck {
  return {
    title: `deployment: the server and the programs of the guide on ${runtime}`,
    isLong: true,
    run: async (bench) => {
      const folder = await installGuide(bench)
      const { folder: tools } = await bench.install({
        title: `deployment on ${runtime}`,
        manager: NPM,
        ours: [],
        others: { [runtime]: runtime === 'bun' ? '1.4.5' : '2.9.6' },
      })
      const command = join(tools, 'node_modules/.bin', runtime)
      const words = runtime === 'bun' ? [] : ['run', '--allow-all']
      for (const program of ['threads.mjs', 'fill.mjs', 'read.mjs'])
        await bench.run(command, [...words, program], folder)
      const env = { ...LOOPBACK, CACHE_DIRECTORY: `cache-of-${runtime}` }
      using server = new RunningProgram({ command, words: [...words, 'server.mjs'], folder, env })
      assert.equal((await ask(await server.address())).visits, 1)
      await server.stop()
      assertIsClosed(join(folder, `cache-of-${runtime}`))
    },
  }
}

function runGuide(bench: Workbench, folder: string, program: string): Promise<unknown> {
  return bench.run(process.execPath, [program], folder)
}

/** The log of the database is there as long as somebody has the cache open, or was killed. */
function assertIsClosed(directory: string): void {
  assert.ok(existsSync(join(directory, 'cache.db')))
  assert.ok(!existsSync(join(directory, 'cache.db-wal')), 'the cache was not closed')
}

/** Ten requests to two workers: every visit counts once. Gives the workers. */
async function assertAreShared(address: string): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(address)))
  const visits = answers.map(({ visits }) => visits).sort((a, b) => a - b)
  assert.deepEqual(visits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  const workers = [...new Set(answers.map(({ pid }) => pid))]
  assert.equal(workers.length, 2)
  return workers
}

/** PM2 leaves a daemon behind, which has to be ended whatever happens. */
async function runPm2(folder: string, tools: string): Promise<void> {
  const home = join(folder, '.pm2')
  const env = { ...LOOPBACK, PM2_HOME: home, PM2_DISABLE_VERSION_CHECK: 'true' }
  const pm2 = async (...words: string[]): Promise<void> => {
    const script = join(tools, 'node_modules/pm2/bin/pm2')
    using command = new RunningProgram({ words: [script, ...words], folder, env })
    await command.ended()
  }
  try {
    await pm2('start', 'ecosystem.config.cjs')
    await assertAreShared(await newestAddress(home, 2))
    await pm2('reload', 'app')
    assert.equal((await ask(await newestAddress(home, 4))).visits, 11)
    await pm2('stop', 'app')
    assertIsClosed(join(folder, 'cache-directory'))
    assert.equal(readLogs(home).match(/SIGINT: closing/g)?.length, 4, readLogs(home))
  } finally {
    await pm2('kill')
  }
}

/** Where the server listens, once so many workers have printed their port into PM2's logs. */
async function newestAddress(home: string, workers: number): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const ports = [...readLogs(home).matchAll(/listening on (\d+)/g)].map(([, port]) => port)
    if (ports.length >= workers) return `http://127.0.0.1:${ports.at(-1)}`
    await delay(100)
  }
  throw new Error(`the workers have not printed their port: ${readLogs(home)}`)
}

function readLogs(home: string): string {
  const folder = join(home, 'logs')
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
}
