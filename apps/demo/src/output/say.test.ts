import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { say } from './say.ts'

const TEXT = `${'word '.repeat(30)}end\n  indented`

async function said(properties: object): Promise<string> {
  const output = Object.assign(new PassThrough(), properties)
  say(TEXT, output as unknown as NodeJS.WriteStream)
  return text(output.end())
}

test('say() breaks lines between words on a terminal, and keeps those of the text', async () => {
  const lines = (await said({ isTTY: true, columns: 40 })).split('\n')
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40)
  expect(lines.slice(-2)).toEqual(['  indented', ''])
  expect(lines.join(' ').match(/\bword\b/g)).toHaveLength(30)
})

test('say() leaves lines as they are where there is no terminal', async () => {
  expect(await said({})).toBe(`${TEXT}\n`)
})
