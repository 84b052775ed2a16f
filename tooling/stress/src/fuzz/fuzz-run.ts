import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { DiskCacheError } from '@diskcache/cache'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { mebibytes } from '../mebibytes.ts'
import { collectGarbage } from '../workers/collect-garbage.ts'
import { Finding, type FuzzTarget } from './fuzz-target.ts'

/** The time that an input may take, in milliseconds of the processor. */
const LONGEST = 100

/** The number of times that an input is tried which took longer: garbage may have been collected. */
const ATTEMPTS = 3

/** The number of inputs after which the event loop turns. */
const INPUTS_PER_TURN = 100

/** The bytes by which memory may grow from the first quarter to the end. */
const MOST_GROWTH = 16 * 2 ** 20

/** Tries so many inputs, and returns a line for the report; throws at the first that is wrong, with its number. */
export async function fuzzRun(target: FuzzTarget, seed: number, inputs: number): Promise<string> {
  let refused = 0
  let longest = 0
  let before = 0
  const start = performance.now()
  for (let input = 0; input < inputs; input++) {
    if (input === inputs >> 2) before = await memory()
    // What zlib has failed at, it lets go of in another turn.
    if (input % INPUTS_PER_TURN === 0) await nextTurn()
    const trial = await tryInput(target, seed, input)
    if (trial.isRefused) refused++
    longest = Math.max(longest, trial.ms)
  }
  const growth = (await memory()) - before
  if (growth > MOST_GROWTH) throw new Error(`${target.name}: memory grew by ${mebibytes(growth)}`)
  const seconds = (performance.now() - start) / 1e3
  const share = Math.round((100 * refused) / inputs)
  return (
    `${target.name}: ${inputs} inputs (${Math.round(inputs / seconds)} a second), ${share} % refused, ` +
    `the longest ${longest.toFixed(1)} ms, memory ${growth < 0 ? '-' : '+'}${mebibytes(Math.abs(growth))}`
  )
}

interface Trial {
  readonly isRefused: boolean
  readonly ms: number
}

async function tryInput(target: FuzzTarget, seed: number, input: number): Promise<Trial> {
  const name = `${target.name}, seed ${seed}, input ${input}`
  let ms = Number.POSITIVE_INFINITY
  let isRefused = false
  for (let attempt = 0; attempt < ATTEMPTS && ms > LONGEST; attempt++) {
    const start = process.cpuUsage()
    isRefused = await tryOnce(target, seed, input, name)
    const { user, system } = process.cpuUsage(start)
    ms = Math.min(ms, (user + system) / 1e3)
  }
  if (ms > LONGEST) throw new Error(`${name}: took ${ms.toFixed(0)} ms`)
  return { isRefused, ms }
}

/** Resolves to whether an input is refused with a code; rejects for any other error. */
async function tryOnce(target: FuzzTarget, seed: number, input: number, name: string): Promise<boolean> {
  try {
    await target.try(new Random(seed, input))
    return false
  } catch (error) {
    if (error instanceof DiskCacheError || isMisuse(error)) return true
    const what = error instanceof Finding ? error.message : `an error without a code: ${error}`
    throw new Error(`${name}: ${what}`, { cause: error })
  }
}

/** Returns whether an error is one of this project's own for misuse, such as a key that cannot be one. */
function isMisuse(error: unknown): boolean {
  const isOurs = error instanceof TypeError || error instanceof RangeError
  return isOurs && /^Cannot (use|store|change) /.test(error.message)
}

/** Resolves to the bytes in use, once what is native has been let go, too, which takes a turn of the event loop. */
async function memory(): Promise<number> {
  collectGarbage()
  await delay(10)
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
