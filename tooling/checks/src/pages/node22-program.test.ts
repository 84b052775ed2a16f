import { expect, test } from 'vitest'
import { extractBlocks } from './markdown-block.ts'
import { node22Program } from './node22-program.ts'

const [plain, using] = extractBlocks('a.md', '```ts\nconst a: number = 1\n```\n```ts\nusing b = c()\n```\n')

test('node22Program() leaves a program without `using` as it stands', async () => {
  expect(await node22Program(plain!)).toBe(plain)
})

test('node22Program() compiles `using` away', async () => {
  const { language, text } = await node22Program(using!)
  expect(language).toBe('js')
  expect(text).not.toMatch(/^\s*using /m)
})
