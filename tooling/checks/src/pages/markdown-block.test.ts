import { expect, test } from 'vitest'
import { extractBlocks } from './markdown-block.ts'

test('extractBlocks() gives language, words, line and text of each block', () => {
  const markdown =
    '# Title\n\n```ts fragment from=a/b.ts\nconst a = 1\n\nconst b = 2\n```\n\n~~~json\n{}\n~~~\n'
  expect(extractBlocks('a.md', markdown)).toEqual([
    {
      path: 'a.md',
      line: 3,
      language: 'ts',
      words: ['fragment', 'from=a/b.ts'],
      text: 'const a = 1\n\nconst b = 2',
      closed: true,
    },
    { path: 'a.md', line: 9, language: 'json', words: [], text: '{}', closed: true },
  ])
})

test('extractBlocks() keeps a shorter or another fence inside a block', () => {
  const blocks = extractBlocks('a.md', '````text\n```ts\ncode\n```\n~~~~\n`````\n')
  expect(blocks).toMatchObject([{ language: 'text', text: '```ts\ncode\n```\n~~~~', closed: true }])
})

test.each([
  ['a list', '1. Do this\n\n   ```js\n   if (a) {\n     b()\n   }\n   ```\n'],
  ['a quotation', '> ```js\n> if (a) {\n>   b()\n> }\n> ```\n'],
])('extractBlocks() removes the indentation of %s', (_, markdown) => {
  expect(extractBlocks('a.md', markdown)).toMatchObject([{ language: 'js', text: 'if (a) {\n  b()\n}' }])
})

test('extractBlocks() finds a block without a language and one that is not closed', () => {
  expect(extractBlocks('a.md', '```\na\n```\n```ts\nb')).toMatchObject([
    { language: '', text: 'a', closed: true },
    { language: 'ts', text: 'b', closed: false },
  ])
})

test('extractBlocks() leaves code within a line alone', () => {
  expect(extractBlocks('a.md', '```not a fence``` in prose\n    `code`\n')).toEqual([])
})
