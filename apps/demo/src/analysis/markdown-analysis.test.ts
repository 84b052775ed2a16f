import { expect, test } from 'vitest'
import { analyseMarkdown } from './markdown-analysis.ts'

test('analyseMarkdown() finds headings, links, code blocks by language, and counts words', () => {
  const text = [
    '# One *title*',
    'Some [linked text](https://example.org) and `code`.',
    '```TS title="a.ts"\nlet a = 1\n```',
    '```\nplain\n```',
  ].join('\n\n')
  expect(analyseMarkdown(text)).toEqual({
    kind: 'markdown',
    headings: ['One *title*'],
    links: ['https://example.org'],
    codeBlocks: ['ts', 'none'],
    words: 7,
  })
})
