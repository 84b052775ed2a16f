import { execFileSync } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { directoryTest } from '@diskcache/testkit'
import { expect } from 'vitest'
import { recordKeys } from './record-keys.ts'
import { readRecording } from './recording.ts'
import { allBytes, simulate } from './simulate.ts'

const PROGRAM = join(import.meta.dirname, 'main.ts')

const test = directoryTest

/** Asks for keys as a server does, and stores those that are missing; the first keys most. */
function serve(cache: Cache, requests: number, keys: number): void {
  for (let i = 0; i < requests; i++) {
    const key = `user ${Math.floor(keys * ((i * 0.6180339887) % 1) ** 3)}`
    if (cache.get(key) === undefined) cache.set(key, 'x'.repeat(500))
  }
}

async function record(directory: string, rate: number): Promise<string> {
  const file = join(directory, 'keys')
  using cache = new Cache(join(directory, 'cache'))
  const recording = recordKeys(file, { directory: cache.directory, rate })
  serve(cache, 40_000, 4_000)
  cache.get('never stored')
  await recording.stop()
  serve(cache, 100, 100)
  return file
}

test('simulate() of all keys says what policies keep, by requests and by bytes', async ({ directory }) => {
  const recording = readRecording(await record(directory, 1))
  expect(recording.requests).toHaveLength(40_001)
  expect(new Set(recording.takes)).toEqual(new Set([600, 0]))
  const outcomes = simulate(recording, [allBytes(recording) / 10, allBytes(recording)])
  expect(outcomes.map(({ policy }) => policy).slice(0, 3)).toEqual([
    's3-fifo',
    'least-recently-used',
    'least-recently-stored',
  ])
  const [s3, lru, , all] = outcomes
  expect(s3!.hits).toBeGreaterThan(lru!.hits)
  expect(all!.hits).toBeCloseTo(1 - recording.takes.length / 40_001, 6)
  expect(all!.bytes).toBeGreaterThan(all!.hits)
})

test('simulate() of a sample says nearly the same as of all keys', async ({ directory }) => {
  const all = readRecording(await record(directory, 1))
  const size = allBytes(all) / 5
  const [exact] = simulate(all, [size])
  const sample = readRecording(await record(join(directory), 0.25))
  expect(sample.takes.length).toBeLessThan(all.takes.length / 3)
  expect(Math.abs(simulate(sample, [size])[0]!.hits - exact!.hits)).toBeLessThan(0.05)
})

test('recordKeys() records nothing of other directories', async ({ directory }) => {
  const file = join(directory, 'keys')
  using cache = new Cache(join(directory, 'cache'))
  using other = new Cache(join(directory, 'other'))
  const recording = recordKeys(file, { directory: cache.directory, rate: 1 })
  serve(other, 100, 10)
  await recording.stop()
  expect(readRecording(file).requests).toHaveLength(0)
})

test('readRecording() leaves out an incomplete record, and refuses what is no recording', async ({
  directory,
}) => {
  const file = await record(directory, 1)
  appendFileSync(file, 'abc')
  expect(readRecording(file).requests).toHaveLength(40_001)
  for (const text of ['', 'no\n', '{"format":"diskcache-keys 1","rate":2}\n', '{"rate":1}\n']) {
    writeFileSync(file, text)
    expect(() => readRecording(file)).toThrow(/no recording/)
  }
})

test('The program prints a table, or JSON, and refuses what is no size', async ({ directory }) => {
  const file = await record(directory, 1)
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [PROGRAM, file, ...args], { encoding: 'utf8' })
  expect(run('--sizes', '0.2,1')).toMatch(/40001 requests for [\s\S]*│ 0\.2 │ \d+\.\d % \(/)
  expect(JSON.parse(run('--json'))).toHaveLength(21)
  expect(() => run('--sizes', 'x')).toThrow(/no size/)
})
