import { setIfNewer } from '@diskcache/recipes'
import { hear, job, tell } from '../../../../../packages/recipes/tests/processes/job.ts'
import { makeRecipe, PLACES, type Recipe } from './door-and-hall.ts'
import { codeOf } from './error-code.ts'
import { openStore, type StorePlace } from './open-store.ts'

export interface StoppedJob extends StorePlace {
  readonly recipe: Recipe
  /** Milliseconds. */
  readonly lease: number
}

/** What a holder finds that was stopped until somebody else had written. */
export interface StoppedReport {
  readonly isLost: boolean
  /** Of the errors that they throw. */
  readonly checkCode: unknown
  readonly releaseCode: unknown
  /** Whether `setIfNewer` wrote. */
  readonly isStored: boolean
}

const { recipe, lease, ...place } = await job<StoppedJob>()
const store = openStore(place)
const hold = await makeRecipe(recipe, store, lease).acquire()
const { lost } = hold
tell(hold.token)

// Here it is stopped, and goes on.
await hear()
const checkCode = await codeFrom(() => hold.check())
const isLost = lost.aborted
const isStored = await setIfNewer(store, PLACES[recipe], 'stale', hold.token)
const report: StoppedReport = {
  isLost,
  checkCode,
  releaseCode: await codeFrom(() => hold.release()),
  isStored,
}
tell(report)

/** Of the error that the task throws. */
async function codeFrom(task: () => unknown): Promise<unknown> {
  try {
    await task()
    return undefined
  } catch (error) {
    return codeOf(error) ?? String(error)
  }
}
