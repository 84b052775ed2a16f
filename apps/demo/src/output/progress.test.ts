import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
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
