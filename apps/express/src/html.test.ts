import { describe, expect, test } from 'vitest'
import { html } from './html.ts'

describe('html', () => {
  test('escapes what could end a text or an attribute', () => {
    expect(html`<p title="${`"'`}">${'<b> & >'}</p>`.text).toBe(
      '<p title="&#34;&#39;">&#60;b&#62; &#38; &#62;</p>',
    )
  })

  test('takes markup, and lists of it, as they are', () => {
    const items = ['a', '<'].map((item) => html`<li>${item}</li>`)
    expect(html`<ul>${items}</ul>`.text).toBe('<ul><li>a</li><li>&#60;</li></ul>')
  })

  test('leaves out undefined, and nothing else', () => {
    expect(html`${undefined}|${0}|${''}`.text).toBe('|0|')
  })
})
