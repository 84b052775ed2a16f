import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { test as base, expect } from 'vitest'
import { TEST_ENGINE } from './connection/test-engine.ts'
import { reportInThread } from './thread-report.ts'

const MODULE = TEST_ENGINE.copy

const test = base.extend<{ file: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  file: async ({}, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-thread-'))
    const file = join(directory, 'cache.db')
    const database = new Database(file)
    database.exec(`
      CREATE TABLE Settings (key, value); INSERT INTO Settings VALUES ('count', 2), ('size', 7);
      CREATE TABLE Cache (size INTEGER); INSERT INTO Cache VALUES (3), (4), (0)`)
    await use(file)
    database.close()
    rmSync(directory, { recursive: true })
  },
})

test('reportInThread() resolves to what SQLite says', async ({ file }) => {
  const report = {
    complaints: [],
    counters: [
      { name: 'count', stored: 2, actual: 3 },
      { name: 'size', stored: 7, actual: 7 },
    ],
  }
  const engine = { ...TEST_ENGINE, module: MODULE }
  expect(await Promise.all([reportInThread(engine, file), reportInThread(engine, file)])).toEqual([
    report,
    report,
  ])
})

test.for([
  ['the engine is part of a bundle', undefined, ''],
  ['there is no engine', '/nowhere', ''],
  ['there is no database', MODULE, '-missing'],
] as const)('reportInThread() resolves to nothing where %s', async ([, module, suffix], { file }) => {
  expect(await reportInThread({ ...TEST_ENGINE, module }, `${file}${suffix}`)).toBe(undefined)
})
