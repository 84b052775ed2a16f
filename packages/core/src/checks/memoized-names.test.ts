import { expect, test } from 'vitest'
import { MemoizedNames } from './memoized-names.ts'

type Options = { readonly ignore?: readonly number[]; readonly key?: (n: number) => number }

const makeLoad = () => (n: number) => n + 1
const makeKey = () => (n: number) => n % 10
const load = makeLoad()

function take(...functions: readonly [fn: unknown, options?: Options][]): void {
  const names = new MemoizedNames()
  for (const [fn, options] of functions) names.take(fn as () => void, { name: 'load', ...options })
}

test.each<[what: string, first: [unknown, Options?], second: [unknown, Options?]]>([
  ['the same function', [load], [load]],
  ['a function that was made again', [makeLoad()], [makeLoad()]],
  [
    'a bound function, the same',
    ...(([bound]) => [[bound], [bound]] as [[unknown], [unknown]])([load.bind(null)]),
  ],
  ['the same keys, made again', [load, { key: makeKey() }], [load, { key: makeKey() }]],
  ['the same ignored arguments', [load, { ignore: [1, 2] }], [load, { ignore: [1, 2] }]],
])('MemoizedNames takes a name again for %s', (_, first, second) => {
  expect(() => take(first, second, first)).not.toThrow()
})

test.each<[what: string, first: [unknown, Options?], second: [unknown, Options?]]>([
  ['another function', [load], [(n: number) => n + 2]],
  ['another bound function', [load.bind(null)], [load.bind(null)]],
  ['two of Node itself', [Math.max], [Math.min]],
  ['other keys', [load, { key: makeKey() }], [load, { key: (n) => n }]],
  ['keys where there were none', [load], [load, { key: makeKey() }]],
  ['other ignored arguments', [load, { ignore: [1] }], [load]],
])('MemoizedNames refuses a name for %s', (_, first, second) => {
  expect(() => take(first, second)).toThrow(/'load'.*name of its own/)
})
