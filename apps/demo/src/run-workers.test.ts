import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runWorkers } from './run-workers.ts'

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'demo-workers-'))
})

afterAll(() => rmSync(directory, { recursive: true }))

function writeModule(text: string): string {
  const module = join(directory, 'worker.mjs')
  writeFileSync(module, text)
  return module
}

test('runWorkers() passes on every report of workers that end right after it', async () => {
  const worker = JSON.stringify(join(import.meta.dirname, 'worker.ts'))
  const module = writeModule(
    `import { runWorker } from ${worker}\nawait runWorker(([word], report) => report(word))`,
  )
  const reports: unknown[] = []
  await runWorkers({ module, args: ['done'], count: 3, onReport: (report) => reports.push(report) })
  expect(reports).toEqual(['done', 'done', 'done'])
})

test.skipIf(process.platform === 'win32')(
  'runWorkers() rejects when one is killed, and does not wait for the others (skipped on Windows)',
  async () => {
    const module = writeModule(`
    process.on('message', () => {}) // stays alive
    process.send(process.pid)
  `)
    let killed = false
    const running = runWorkers<number>({
      module,
      args: [],
      count: 2,
      onReport: (pid) => {
        if (!killed) process.kill(pid, 'SIGKILL')
        killed = true
      },
    })
    await expect(running).rejects.toThrow(/^A worker died: worker\.mjs, process \d+, SIGKILL$/)
  },
)

test('runWorkers() kills all when the signal is aborted, rejects with its reason, and leaves no process', async () => {
  const module = writeModule(`
    process.on('SIGTERM', () => {}) // only kill -9 helps
    process.on('message', () => {})
    process.send(process.pid)
  `)
  const pids: number[] = []
  const kill = new AbortController()
  const running = runWorkers<number>({
    module,
    args: [],
    count: 2,
    signal: kill.signal,
    onReport: (pid) => pids.push(pid) === 2 && kill.abort('enough'),
  })
  await expect(running).rejects.toBe('enough')
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
