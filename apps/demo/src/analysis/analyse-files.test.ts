import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { analyseFiles, readAnalyses } from './analyse-files.ts'

const progress = { show() {}, stop() {} }

let directory: string
let cache: Cache

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'demo-'))
  cache = new Cache(join(directory, 'cache'))
})

afterEach(() => {
  expect(cache.check()).toEqual([])
  cache.close()
  rmSync(directory, { recursive: true })
})

function writeFiles(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const path = join(directory, `${String(at).padStart(3, '0')}.md`)
    writeFileSync(path, `# Heading ${at}`)
    return path
  })
}

test('analyseFiles() has each file analysed once, then finds it in the cache', async () => {
  const paths = writeFiles(50)
  const { files, misses } = await analyseFiles(cache, paths, { workers: 2, progress })
  expect(files.map(({ path }) => path)).toEqual(paths)
  expect(misses).toBe(50)
  expect(readAnalyses(cache, files)[7]).toMatchObject({ headings: ['Heading 7'] })
  await expect(analyseFiles(cache, paths, { workers: 2, progress })).resolves.toEqual({ files, misses: 0 })
})

test('analyseFiles() analyses what has changed, and one content only once', async () => {
  const paths = writeFiles(20)
  await analyseFiles(cache, paths, { workers: 1, progress })
  for (const path of paths.slice(0, 2)) writeFileSync(path, '# Other')
  const { files, misses } = await analyseFiles(cache, paths, { workers: 1, progress })
  expect(misses).toBe(1)
  expect(readAnalyses(cache, files)[1]).toMatchObject({ headings: ['Other'] })
})

test('analyseFiles() rejects when a worker fails', async () => {
  const missing = join(directory, 'missing.md')
  await expect(analyseFiles(cache, [missing], { workers: 2, progress })).rejects.toThrow(
    /^A worker died: analysis-worker\.ts, process \d+, exit code 1$/,
  )
})
