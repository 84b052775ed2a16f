import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { role } from '../../../../../packages/cache/tests/processes/role.ts'
import { GapMeter } from '../gap-meter.ts'
import { CACHE_TRIALS } from './cache-trials.ts'
import { DEQUE_TRIALS } from './deque-trials.ts'
import type { FaceName } from './face-names.ts'
import { FANOUT_TRIALS } from './fanout-trials.ts'
import { INDEX_TRIALS } from './index-trials.ts'
import { expectAllTried, type Trial, type TrialKind } from './trial.ts'

type Bounds = Pick<SlicesJob, 'size' | 'goal'>

const FACES: Record<FaceName, (directory: string, bounds: Bounds) => Promise<SlicesReport[]>> = {
  'Cache.promises': (directory, bounds) => tryAll(CACHE_TRIALS, directory, bounds),
  'FanoutCache.promises': (directory, bounds) => tryAll(FANOUT_TRIALS, directory, bounds),
  'Deque.promises': (directory, bounds) => tryAll(DEQUE_TRIALS, directory, bounds),
  'Index.promises': (directory, bounds) => tryAll(INDEX_TRIALS, directory, bounds),
}

export interface SlicesJob {
  readonly directory: string
  readonly face: FaceName
  /** The number of entries in the store. */
  readonly size: number
  /** The gap, in milliseconds, that is small enough; above it, a trial is made again. */
  readonly goal: number
}

export interface SlicesReport {
  readonly name: string
  readonly exempt: string | undefined
  /** Milliseconds that the operation took. */
  readonly duration: number
  /** Milliseconds between two ticks, at most. */
  readonly gap: number
  /** The milliseconds between two ticks for which the thread computed, at most. */
  readonly own: number
}

/** The number of entries more or fewer with which a store need not be filled again. */
const TOLERANCE = 100

/** The most attempts for one trial. */
const ATTEMPTS = 3

role<SlicesJob, SlicesReport[]>(({ directory, face, ...bounds }) => {
  return FACES[face](join(directory, face), bounds)
})

async function tryAll<Store extends Disposable, Face extends object>(
  kind: TrialKind<Store, Face>,
  directory: string,
  bounds: Bounds,
): Promise<SlicesReport[]> {
  using store = kind.open(directory)
  expectAllTried(kind, kind.faceOf(store))
  const reports: SlicesReport[] = []
  for (const [name, trial] of Object.entries(kind.trials)) {
    const goal = trial.exempt === undefined ? bounds.goal : Infinity
    const figures = await tryOften(() => measure(kind, store, trial, bounds.size), goal)
    reports.push({ name, exempt: trial.exempt, ...figures })
  }
  return reports
}

type Figures = Pick<SlicesReport, 'duration' | 'gap' | 'own'>

async function tryOften(attempt: () => Promise<Figures>, goal: number): Promise<Figures> {
  let best = await attempt()
  for (let i = 1; i < ATTEMPTS && smaller(best) >= goal; i++) {
    const next = await attempt()
    if (smaller(next) < smaller(best)) best = next
  }
  return best
}

async function measure<Store extends Disposable, Face>(
  kind: TrialKind<Store, Face>,
  store: Store,
  { begin }: Trial<Store, Face>,
  size: number,
): Promise<Figures> {
  if (Math.abs(kind.countOf(store) - size) > TOLERANCE) {
    kind.clear(store)
    kind.fill(store, size)
  }
  const call = begin(store, size)
  await setTimeout(20)
  const meter = new GapMeter()
  await setTimeout(20)
  const start = performance.now()
  await call(kind.faceOf(store))
  const duration = performance.now() - start
  const { largest, own } = meter.stop()
  return { duration, gap: largest, own }
}

/** Where the machine does something else meanwhile, the gap is larger than what the thread computed in it. */
function smaller({ gap, own }: Figures): number {
  return Math.min(gap, own)
}
