import { type Comparison, type Side, side } from '../measuring/comparison.ts'
import { atMost } from '../measuring/goal.ts'
import { databaseOf } from '../measuring/stage.ts'

const KEYS = 100

/** A call on a cache whose values are all as long. */
function onValues(act: 'get' | 'set', bytes: number, checksums: boolean): Side {
  const name = `${act} of ${bytes < 1_024 ? `${bytes} bytes` : `${bytes / 1_024} KiB`}`
  return side(checksums ? name : `${name}, without checksums`, (stage) => {
    const cache = stage.emptyCache({ checksums })
    // In turn: a value that is there already would not be written at all.
    const values = ['x', 'y'].map((letter) => letter.repeat(bytes))
    for (let i = 0; i < KEYS; i++) cache.set(`key ${i}`, values[0])
    let count = 0
    const next = () => `key ${++count % KEYS}`
    const get = () => cache.get(next())
    const set = () => cache.set(next(), values[Math.floor(count / KEYS) % 2])
    return { call: act === 'get' ? get : set, database: databaseOf(cache) }
  })
}

function compared(act: 'get' | 'set', bytes: number, bound: number): Comparison {
  return {
    subject: onValues(act, bytes, true),
    yardstick: onValues(act, bytes, false),
    goal: atMost(bound),
  }
}

/** What it costs that a value is never a wrong one. */
export const CHECKSUMS: readonly Comparison[] = [
  compared('get', 100, 1.15),
  compared('get', 10_240, 1.3),
  compared('set', 100, 1.05),
]
