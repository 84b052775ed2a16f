import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Tasks } from './tasks.ts'

const tasks = new Tasks('task-queue')
tasks.add(Array.from({ length: 20 }, (_, number) => `picture-${number + 1}.png`))

const workers = Array.from({ length: 3 }, () => fork(join(import.meta.dirname, 'worker.ts')))
const ends = workers.map((worker) => once(worker, 'exit'))

// The first one that has a task in hand is killed; nobody can clean up after it.
const busy = workers.map(async (worker) => {
  await once(worker, 'message')
  return worker
})
const victim = await Promise.race(busy)
victim.kill('SIGKILL')
await Promise.all(ends)

console.log('done:', tasks.done)
console.log('still in the queue, or in the hand of one that is gone:', tasks.open)
tasks.close()
