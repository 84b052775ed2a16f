import { Cache } from '@diskcache/cache'
import { role } from './role.ts'

export interface MemoizingReport {
  readonly results: number[]
  readonly calls: number
}

/** Squares numbers, and counts how often it had to compute. */
role<{ directory: string }, MemoizingReport>(({ directory }) => {
  using cache = new Cache(directory)
  let calls = 0
  const square = cache.memoize(
    (n: number) => {
      calls++
      return n * n
    },
    { name: 'square' },
  )
  return { results: [1, 2, 3, 2].map((n) => square(n)), calls }
})
