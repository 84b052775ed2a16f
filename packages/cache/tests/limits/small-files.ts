import { Cache } from '@diskcache/cache'
import { outcomeOf } from './outcome.ts'

/** The bytes that are written in all, four times as many as a file may have. */
const BYTES = 8 * 2 ** 20

/** Writes more than the files of a cache may hold, and prints how that ended, and whether what is left is right. */
const [directory = '', size = '0'] = process.argv.slice(2)
const cache = new Cache(directory)
const value = 'x'.repeat(Number(size))
const count = Math.ceil(BYTES / value.length)
const outcomes = new Set<unknown>()
for (let i = 0; i < count; i++) outcomes.add(await outcomeOf(() => cache.set(i, value)))
const found = Array.from({ length: count }, (_, i) => cache.get(i)).filter((each) => each !== undefined)
cache.set('small', 'text')
const isRight = found.every((each) => each === value) && cache.get('small') === 'text'
console.log(JSON.stringify({ outcomes: [...outcomes], isRight, problems: cache.check() }))
