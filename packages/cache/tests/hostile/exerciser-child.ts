import { writeSync } from 'node:fs'
import { type Exercise, exercise } from './exercise.ts'

export interface Answer {
  readonly outcomes: Awaited<ReturnType<typeof exercise>>
  /** The most memory that this process ever had, in bytes. */
  readonly memory: number
}

process.on('disconnect', () => process.exit())

process.on('message', async (job: Exercise) => {
  const outcomes = await exercise(job, (operation) =>
    writeSync(2, `${JSON.stringify(operation).slice(0, 80)}\n`),
  )
  const answer: Answer = { outcomes, memory: process.resourceUsage().maxRSS * 1024 }
  process.send?.(answer)
})
