import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findProblem } from './crawl-run.ts'
import { crawlTable } from './crawl-table.ts'
import { crawlWebsite } from './crawl-website.ts'
import { Website } from './website.ts'

const PACKAGES = 12

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'demo-packages-'))
  for (let at = 0; at < PACKAGES; at++) {
    const folder = join(directory, 'node_modules', `package-${at}`)
    const dependencies = { [`package-${(at + 1) % PACKAGES}`]: '*' }
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: `package-${at}`, version: '1.0.0', dependencies }),
    )
    writeFileSync(join(folder, 'README.md'), '[guide](guide.md) [licence](LICENSE)')
    writeFileSync(join(folder, 'guide.md'), '[back](README.md)')
  }
})

afterAll(() => rmSync(directory, { recursive: true }))

test('crawlWebsite() loses no page and repeats none that was done, although all crawlers are killed', async () => {
  const output = new PassThrough()
  const run = await crawlWebsite(directory, output as unknown as NodeJS.WriteStream)
  expect(findProblem(run)).toBeUndefined()
  expect(run.reachable.pages).toHaveLength(2 + 3 * PACKAGES)
  expect(run.reachable.broken).toHaveLength(PACKAGES)
  expect(run.whenKilled.fetched.size).toBeGreaterThanOrEqual(1 + 2 * PACKAGES)
  expect(run.whenKilled.open.length).toBeGreaterThan(0)
  expect(crawlTable(run)).toMatch(/lost\s*│\s*0/)
  expect(await text(output.end())).toContain('kill -9')
})

test('Website.start() rejects when the server cannot start', async () => {
  await expect(Website.start(join(directory, 'missing'))).rejects.toThrow('The server died: exit code 1')
})
