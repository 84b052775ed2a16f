import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import fc from 'fast-check'
import { test } from 'vitest'
import { lockTask } from './interleaving/lock-task.ts'
import { MIN_FILE_SIZE } from './interleaving/operation.ts'
import { SharedKeys } from './interleaving/shared-keys.ts'
import { type Step, steps } from './interleaving/step.ts'
import { Task } from './interleaving/task.ts'
import { expectSound } from './processes/soundness.ts'

const RUNS = Number(process.env.RUNS ?? 100)

/** An interleaving that takes so long is one in which something waits for ever; in milliseconds. */
const STUCK = 10_000

const property = fc.asyncProperty(
  fc.scheduler(),
  fc.array(steps, { minLength: 2, maxLength: 4 }),
  fc.nat(3),
  async (scheduler, plans, locks) => {
    const directory = mkdtempSync(join(tmpdir(), 'diskcache-interleaving-'))
    try {
      await interleave(directory, scheduler, plans, locks)
      expectSound(directory)
    } finally {
      rmSync(directory, { recursive: true })
    }
  },
)

async function interleave(
  directory: string,
  scheduler: fc.Scheduler,
  plans: readonly (readonly Step[])[],
  locks: number,
): Promise<void> {
  await using one = new Cache(directory, { minFileSize: MIN_FILE_SIZE }).promises
  await using other = new Cache(directory).promises
  const shared = new SharedKeys()
  const tasks = plans.map((_, i) => new Task(`task ${i}`, [one, other], shared, scheduler))
  const runs = tasks.map((task, i) => task.run(plans[i] as readonly Step[]))
  await scheduler.waitFor(Promise.all([...runs, lockTask(directory, locks, scheduler)]))

  const entries = await Array.fromAsync(other)
  for (const task of tasks) await task.verify(entries)
  shared.verify(await one.get('count'), await one.get('log'))
}

test(
  'promises do for each task, in any interleaving, what they would do for it alone',
  {
    timeout: 300_000,
  },
  () => fc.assert(property, { numRuns: RUNS, timeout: STUCK }),
)
