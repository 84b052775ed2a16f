import { readdirSync } from 'node:fs'
import { Cache } from '@diskcache/cache'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import { MIN_FILE_SIZE } from '../../../../packages/cache/tests/processes/stamped-value.ts'
import { collectGarbage } from './collect-garbage.ts'
import { Aborted, Soaker } from './soaker.ts'

export interface SoakJob {
  readonly directory: string
  readonly seed: number
  readonly id: number
  /** Milliseconds. */
  readonly duration: number
}

/** After the warm-up, and at the end. */
export interface Course {
  readonly before: number
  readonly after: number
}

export interface SoakReport {
  readonly operations: number
  readonly aborted: number
  readonly descriptors: Course
  /** Bytes. */
  readonly memory: Course
}

interface Usage {
  readonly descriptors: number
  readonly memory: number
}

/** So many operations are in flight at a time, and so many follow each other before all pause and usage is measured. */
const LANES = 24
const STRETCH = 20

const OPTIONS = {
  minFileSize: MIN_FILE_SIZE,
  sizeLimit: 8 * 2 ** 20,
  evictionPolicy: 'least-recently-used',
  statistics: true,
} as const

// Node would end the process anyway; this says so where a later version might not.
process.on('unhandledRejection', (error) => {
  throw error
})

role<SoakJob, SoakReport>(async ({ directory, seed, id, duration }, barrier) => {
  await using promises = new Cache(directory, OPTIONS).promises
  const lanes = Array.from({ length: LANES }, (_, lane) => new Lane(promises, new Random(seed, id, lane), id))
  await barrier()
  const usages: Usage[] = []
  for (const end = performance.now() + duration; performance.now() < end; ) {
    await Promise.all(lanes.map((lane) => lane.run()))
    usages.push(measure())
  }
  const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0)
  return {
    operations: total(lanes.map(({ operations }) => operations)),
    aborted: total(lanes.map(({ aborted }) => aborted)),
    descriptors: courseOf(usages, ({ descriptors }) => descriptors),
    memory: courseOf(usages, ({ memory }) => memory),
  }
})

/** One operation after the other. */
class Lane {
  readonly #soaker: Soaker
  operations = 0
  aborted = 0

  constructor(promises: Cache['promises'], random: Random, writer: number) {
    this.#soaker = new Soaker(promises, random, writer)
  }

  async run(): Promise<void> {
    for (let i = 0; i < STRETCH; i++, this.operations++) {
      try {
        await this.#soaker.step(this.operations)
      } catch (error) {
        if (!(error instanceof Aborted)) throw error
        this.aborted++
      }
    }
  }
}

/** While nothing is in flight. */
function measure(): Usage {
  collectGarbage()
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    memory: process.memoryUsage.rss(),
  }
}

/** Medians of the second quarter and of the last; the first is the warm-up. */
function courseOf(usages: readonly Usage[], of: (usage: Usage) => number): Course {
  const quarter = Math.floor(usages.length / 4)
  const median = (some: readonly Usage[]) => some.map(of).sort((a, b) => a - b)[some.length >> 1] as number
  return { before: median(usages.slice(quarter, 2 * quarter + 1)), after: median(usages.slice(-quarter - 1)) }
}
