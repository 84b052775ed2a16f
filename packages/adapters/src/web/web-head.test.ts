import { expect, test } from 'vitest'
import { WebHead } from './web-head.ts'

/** A head that is filled by a key, and the fields of the response that it makes. */
function filled(key: object, { fields = [['ETag', '"1"']], own = [] as [string, string][], headers = {} }) {
  const head = new WebHead(new Headers(headers))
  head.fillAs(key, () => {
    for (const [name, value] of fields) head.setHeader(name as string, value as string)
  })
  for (const [name, value] of own) head.setHeader(name, value)
  return head
}

function fieldsOf(head: WebHead): Record<string, string> {
  return Object.fromEntries(head.respond(null).headers)
}

test('WebHead.fillAs() fills once for a key, and gives each head fields of its own', () => {
  const key = {}
  const first = filled(key, { own: [['Age', '1']] })
  const second = filled(key, { fields: [['ETag', 'not asked for again']], own: [['Age', '2']] })
  expect(fieldsOf(first)).toEqual({ etag: '"1"', age: '1' })
  expect(fieldsOf(second)).toEqual({ etag: '"1"', age: '2' })
  expect(fieldsOf(filled(key, {}))).toEqual({ etag: '"1"' })
})

test('a field that is set or taken away after WebHead.fillAs() is so for this head alone', () => {
  const key = {}
  filled(key, {})
  const changed = filled(key, { own: [['etag', '"2"']] })
  expect([changed.getHeader('ETag'), fieldsOf(changed)]).toEqual(['"2"', { etag: '"2"' }])
  const without = filled(key, {})
  without.removeHeader('ETag')
  expect([without.hasHeader('etag'), without.getHeaders(), fieldsOf(without)]).toEqual([false, {}, {}])
  const other = filled(key, {})
  expect([other.hasHeader('etag'), other.getHeaders(), other.getRawHeaderNames()]).toEqual([
    true,
    { etag: '"1"' },
    ['ETag'],
  ])
})

test('WebHead.fillAs() fills each head that has fields already, or that gets several lines of one', () => {
  const key = {}
  filled(key, { headers: { 'X-Before': '1' } })
  expect(fieldsOf(filled(key, { fields: [['ETag', '"2"']] }))).toEqual({ etag: '"2"' })
  expect(fieldsOf(filled(key, { fields: [['ETag', '"3"']], headers: { 'X-Before': '1' } }))).toEqual({
    etag: '"3"',
    'x-before': '1',
  })
  const lines = {}
  const twice = () => {
    const head = new WebHead()
    head.fillAs(lines, () => head.setHeader('Link', ['<a>', '<b>']))
    return fieldsOf(head)
  }
  expect([twice(), twice()]).toEqual([{ link: '<a>, <b>' }, { link: '<a>, <b>' }])
})
