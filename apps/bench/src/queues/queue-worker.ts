/**
 * One of several processes that share a queue. Reads lines `turn` and how often from its parent, pushes and pulls as
 * often, and answers with the seconds that it took. Arguments: `cache`, `deque` or `bare`, and a path.
 */
import { createInterface } from 'node:readline'
import { valueRotation } from '../workload.ts'
import { openQueue, type QueueKind } from './open-queue.ts'

const [, , kind, path] = process.argv
if (kind === undefined || path === undefined) throw new TypeError('Cannot start: kind and path are missing')
const queue = openQueue(kind as QueueKind, path)
const values = valueRotation()

for await (const line of createInterface({ input: process.stdin })) {
  const turns = Number(line.split(' ')[1])
  const start = performance.now()
  for (let i = 0; i < turns; i++) turn()
  console.log((performance.now() - start) / 1e3)
}
queue[Symbol.dispose]()

/** Whoever pushes first never finds nothing: there are at least as many items as processes that have pushed. */
function turn(): void {
  queue.push(values.next())
  if (queue.pull() === undefined)
    throw new Error('Cannot pull: the queue is empty, but an item was just pushed')
}
