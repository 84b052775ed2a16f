import { expect, test } from 'vitest'
import { pageOf } from './documentation-page.ts'
import { hasUsing, missingPlainForm } from './missing-plain-form.ts'

test.each(['using a = b', '  await using a = b', 'a()\nusing b = c'])(
  'hasUsing() is true of %j',
  (program) => {
    expect(hasUsing(program)).toBe(true)
  },
)

test.each(['// Before: await using a = b', 'const using = 1', 'using()'])(
  'hasUsing() is false of %j',
  (program) => {
    expect(hasUsing(program)).toBe(false)
  },
)

const USING = '```ts\nusing a = b\n```\n'
const PLAIN = '```js\ntry {\n} finally {\n}\n```\n'

test.each([
  ['without using', PLAIN],
  ['with both forms', `${USING}On Node 22:\n${PLAIN}`],
])('missingPlainForm() accepts a page %s', (_, markdown) => {
  expect(missingPlainForm(pageOf('a.md', markdown))).toBeUndefined()
})

test.each([
  ['without the plain form', `On Node 22:\n${USING}`],
  ['that does not say what the plain form is for', USING + PLAIN],
])('missingPlainForm() rejects a page %s', (_, markdown) => {
  expect(missingPlainForm(pageOf('a.md', markdown))).toContain('has "using"')
})
