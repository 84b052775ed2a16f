import { setTimeout } from 'node:timers/promises'
import { Tasks } from './tasks.ts'

const tasks = new Tasks('task-queue')
for await (const name of tasks.take()) {
  process.send?.(name)
  await setTimeout(50) // the work
  tasks.finish(name)
}
tasks.close()
process.disconnect?.()
