/**
 * A process that opens a store. Answers a line `use` and a number by reading so many keys all over it, and writing a
 * tenth as many, with the bytes that it has in memory then. Arguments: `cache` or `bare`, its path, and how many keys
 * it has.
 */
import { createInterface } from 'node:readline'
import { seededRandom } from '../core-workload/seeded-random.ts'
import { valueRotation } from '../workload.ts'
import { uniformDraw } from './draws.ts'
import { growingBare, growingCache } from './growth-store.ts'

const [, , kind, path = '', keys] = process.argv
const store = kind === 'cache' ? growingCache(path) : growingBare(path)
const draw = uniformDraw(Number(keys), seededRandom(0))
const values = valueRotation()

for await (const line of createInterface({ input: process.stdin })) {
  const reads = Number(line.split(' ')[1])
  for (let i = 0; i < reads; i++) store.get(`key:${draw()}`)
  for (let i = 0; i < reads / 10; i++) store.set(`key:${draw()}`, values.next())
  globalThis.gc?.()
  console.log(process.memoryUsage.rss())
}
store[Symbol.dispose]()
