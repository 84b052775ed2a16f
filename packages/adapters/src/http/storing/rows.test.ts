import { expect, test } from 'vitest'
import { asVariant, variantRow } from './rows.ts'

const ROW = variantRow({
  url: 'http://example.com/',
  status: 200,
  headers: [['X-A', '1']],
  removed: [],
  policy: {
    ...{
      lifetime: 1,
      initialAge: 0,
      requestedAt: 0,
      receivedAt: 0,
      staleWhileRevalidate: 0,
      staleIfError: 0,
    },
    ...{ allowsMaxStale: true, isShared: false },
  },
  tags: [],
  size: 4,
  body: Buffer.from('page'),
})

test('asVariant() takes what was written, with and without a body', () => {
  expect(asVariant(ROW)).toBe(ROW)
  const { body: _, ...other } = ROW
  expect(asVariant(other)).toBe(other)
  const followed = { ...ROW, trailers: [['X-Sum', '1']] }
  expect(asVariant(followed)).toBe(followed)
})

const CHANGES: readonly object[] = [
  ...['changed', 5, {}, [1], null].map((body) => ({ body })),
  ...['Transfer-Encoding', 'content-length', 'Connection', 'Set-Cookie', 'Trailer', 'Upgrade', 'a b', ''].map(
    (name) => ({ headers: [[name, '1']] }),
  ),
  ...['a\r\nb', 5, null, ['a', 5], [['a']]].map((value) => ({ headers: [['X-A', value]] })),
  ...[{ headers: {} }, { headers: [null] }, { url: 5 }, { tags: [5] }, { removed: [5] }, { message: 'a\nb' }],
  ...[{ wanted: [5] }, { wanted: 'a' }, { wanted: { accept: 'a\r\nb' } }, { wanted: { accept: 5 } }],
  ...[{ madeEtag: 5 }, { size: -1 }, { size: '4' }, { status: 100 }, { status: '200' }, { format: 2 }],
  ...[{ trailers: {} }, { trailers: [['Content-Length', '1']] }, { trailers: [['X-Sum', 1]] }],
  ...[{ policy: null }, { policy: { ...ROW.policy, lifetime: '1' } }],
]

for (const change of CHANGES)
  test(`asVariant() takes ${JSON.stringify(change)} for no response`, () => {
    expect(asVariant({ ...ROW, ...change })).toBeUndefined()
  })
