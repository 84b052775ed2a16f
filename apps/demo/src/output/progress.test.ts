import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { startProgress } from './progress.ts'

test('startProgress() writes a line for every tenth where there is no terminal, from where the work begins', async () => {
  const output = new PassThrough()
  const progress = startProgress({
    total: 2000,
    done: 1100,
    unit: 'pages',
    note: '',
    output: output as unknown as NodeJS.WriteStream,
  })
  for (const done of [1101, 1199, 1200, 1399, 1400]) progress.show(done, `${done % 100} found`)
  progress.stop()
  expect(await text(output.end())).toBe('1,200 of 2,000 pages, 0 found\n1,400 of 2,000 pages, 0 found\n')
})

test('startProgress() shows percent and the time left on a terminal, in one line that it has room for', async () => {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 70 })
  // What the bar does to a terminal beside writing.
  Object.assign(output, { cursorTo() {}, clearLine() {}, moveCursor() {} })
  const progress = startProgress({
    total: 5000,
    unit: 'files',
    note: 'none',
    output: output as unknown as NodeJS.WriteStream,
  })
  progress.show(2500, '2,000 hits, 500 misses')
  progress.stop()
  const lines = stripVTControlCharacters(await text(output.end())).match(/[█░]*\s?\d+% .*? left/g) ?? []
  expect(lines[0]).toMatch(/░ 0% \| 0 of 5,000 files \| none \| … left$/)
  expect(lines.at(-1)).toMatch(/50% \| 2,500 of 5,000 files \| 2,000 hits, 500 misses \| \d+ s left$/)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(70)
})
