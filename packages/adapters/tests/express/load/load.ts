import { execFile, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Way } from './load-server.ts'

const SERVER = new URL('./load-server.ts', import.meta.url)
const CONNECTIONS = 50
const SIZES = [1_000, 100_000]

interface Load {
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly errors: number
  /** Bytes. */
  readonly growth: number
}

/**
 * An Express route without a cache, behind apicache and behind `cacheResponses`, and a bare server that sends the same
 * bytes, which is the limit: under load by `wrk`, which takes one core, while the server has the other.
 */
async function measureAll(seconds: number): Promise<void> {
  const ways: Way[] = ['uncached', ...(hasApicache() ? (['apicache'] as const) : []), 'diskcache', 'bare']
  const rows: object[] = []
  for (const size of SIZES)
    for (const way of ways) rows.push(rowOf(size, way, await measure(way, size, seconds)))
  console.log(`${CONNECTIONS} connections, ${seconds} s each`)
  console.table(rows)
}

async function measure(way: Way, size: number, seconds: number): Promise<Load> {
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-load-'))
  const server = fork(SERVER, [way, join(directory, 'cache'), String(size)], { execArgv: ['--expose-gc'] })
  const memory = async () => {
    server.send('memory')
    return (await once(server, 'message'))[0] as number
  }
  try {
    const [port] = (await once(server, 'message')) as [number]
    const url = `http://127.0.0.1:${port}/`
    await press(url, 1)
    const before = await memory()
    const load = await press(url, seconds)
    return { ...load, growth: (await memory()) - before }
  } finally {
    const gone = once(server, 'exit')
    server.disconnect()
    await gone
    rmSync(directory, { recursive: true, force: true })
  }
}

async function press(url: string, seconds: number): Promise<Omit<Load, 'growth'>> {
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency', url]
  const { stdout } = await promisify(execFile)('wrk', args)
  const count = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? 0)
  const errors = /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? []
  return {
    rate: count(/Requests\/sec:\s*([\d.]+)/),
    p50: milliseconds(/50%\s+(\S+)/.exec(stdout)?.[1]),
    p99: milliseconds(/99%\s+(\S+)/.exec(stdout)?.[1]),
    errors: errors.map(Number).reduce((sum, one) => sum + one, count(/Non-2xx or 3xx responses: (\d+)/)),
  }
}

/** `1.23ms`, `456.00us` or `1.20s`. */
function milliseconds(text = ''): number {
  const unit = { us: 0.001, ms: 1, s: 1_000 }[text.replace(/[\d.]+/, '')] ?? Number.NaN
  return Number.parseFloat(text) * unit
}

function rowOf(size: number, way: Way, { rate, p50, p99, errors, growth }: Load): object {
  return {
    body: size,
    way,
    'requests/s': Math.round(rate),
    p50,
    p99,
    errors,
    'MiB more': Math.round(growth / 2 ** 20),
  }
}

function isThere(command: string): boolean {
  try {
    execFileSync('which', [command])
    return true
  } catch {
    return false
  }
}

function hasApicache(): boolean {
  try {
    createRequire(import.meta.url).resolve('apicache')
    return true
  } catch {
    return false
  }
}

if (isThere('wrk')) await measureAll(Number(process.argv[2] ?? 10))
else console.log('Express under load: skipped, there is no wrk; apt-get install wrk')
