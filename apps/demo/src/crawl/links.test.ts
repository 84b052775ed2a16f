import { expect, test } from 'vitest'
import { linksIn } from './links.ts'

test('linksIn() gives paths on the same website, each once', () => {
  const html = `
    <a href="b.md">relative</a> <a class="x" href='../up/'>up</a> <A HREF="/root?a=1&amp;b=2#c">root</A>
    <a href="b.md#part">again</a> <a href="//other.example/">other</a> <a href="https://other.example/x">other</a>
    <a href="mailto:a@b.example">mail</a> <a href="http://[">broken</a> <a name="x">no link</a> &lt;a href="code"&gt;`
  expect(linksIn(html, '/docs/a.md')).toEqual(['/docs/b.md', '/up/', '/root'])
})

test('linksIn() gives the page itself for a fragment', () => {
  expect(linksIn('<a href="#part">', '/a')).toEqual(['/a'])
})
