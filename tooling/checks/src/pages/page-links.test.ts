import { expect, test } from 'vitest'
import { pageOf } from './documentation-page.ts'
import { pageAnchors, pageLinks } from './page-links.ts'

test('pageLinks() finds links, images, definitions and HTML, with their lines', () => {
  const page = pageOf('a.md', '[`a`](a.md) [![b](b.svg)](c.md "title")\n\n[ref]: <d.md>\n<img src="e.png">\n')
  expect(pageLinks(page)).toEqual([
    { line: 1, target: 'a.md' },
    { line: 1, target: 'b.svg' },
    { line: 1, target: 'c.md' },
    { line: 3, target: 'd.md' },
    { line: 4, target: 'e.png' },
  ])
})

test('pageLinks() leaves code alone', () => {
  const page = pageOf('a.md', '```ts\n[a](a)\n```\n```text\n```\n`[b](b)` and ``c ` [d](d)`` [e](e)\n')
  expect(pageLinks(page)).toEqual([{ line: 6, target: 'e' }])
})

test('pageAnchors() gives the names of headings as GitHub makes them', () => {
  const page = pageOf(
    'a.md',
    '# What it can, and `can’t`\n## A [link](b.md) – end\n## Twice\n## Twice\n```sh\n# code\n```\n',
  )
  expect([...pageAnchors(page)]).toEqual(['what-it-can-and-cant', 'a-link--end', 'twice', 'twice-1'])
})
