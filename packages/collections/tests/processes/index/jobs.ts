import { deepStrictEqual } from 'node:assert'
import type { Part } from './part.ts'

const QUEUE = { prefix: 'jobs' }

interface JobsReport {
  readonly pushed: number
  readonly pulled: string[]
}

/** What is pushed to a queue of an index is pulled once. */
export const jobs: Part<JobsReport> = {
  work: ({ index, random, id }) => {
    const report = { pushed: 0, pulled: [] as string[] }
    const note = (item: [unknown, unknown] | undefined) => {
      if (item !== undefined) report.pulled.push(item[1] as string)
    }
    return {
      step: async () => {
        const kind = random.below(4)
        if (kind === 0) note(index.pull(QUEUE))
        else if (kind === 1) note(await index.promises.pull({ ...QUEUE, side: 'back' }))
        else index.push(`${id}:${report.pushed++}`, { ...QUEUE, side: kind === 2 ? 'back' : 'front' })
      },
      report: () => report,
    }
  },
  verify: (index, reports) => {
    const rest = index.values({ prefix: 'jobs-' }) as IteratorObject<string>
    const pulled = [...reports.flatMap(({ pulled }) => pulled), ...rest]
    const pushed = reports.flatMap(({ pushed }, id) => Array.from({ length: pushed }, (_, i) => `${id}:${i}`))
    deepStrictEqual(pulled.sort(), pushed.sort(), 'what was pulled, or is left, is not what was pushed')
    return `${pushed.length} jobs pulled once`
  },
}
