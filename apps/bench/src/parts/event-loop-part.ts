import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { atMost, type GoalResult } from '../measuring/goal.ts'
import { databaseOf, Stage } from '../measuring/stage.ts'
import { median } from '../measuring/statistics.ts'
import { countText, millisecondsText } from '../report/figure-text.ts'
import { tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'
import type { FaceName } from '../worker/faces.ts'
import { type LoopReport, WARM_UP } from '../worker/loop-service.ts'
import { WorkerProcess } from '../worker/worker-process.ts'

/** How long another process has the lock, and how long is watched before and after; entries of other stores. */
const FULL = { rounds: 3, hold: 3_000, around: 1_000, entries: 200_000 }
const QUICK: typeof FULL = { rounds: 1, hold: 400, around: 300, entries: 4_000 }

const FACES: readonly FaceName[] = ['Cache', 'FanoutCache', 'Deque', 'Index']

const LOCK = 'beside a lock'
const IDLE = 'idle'

/** An operation of a promise face, or what else a process did, and the gap of its event loop in milliseconds. */
interface Watched {
  readonly face: string
  readonly operation: string
  readonly gap: number
}

/** How long a process that uses promises is deaf to everything else. */
export const EVENT_LOOP_PART: Part = {
  name: 'event-loop',
  minutes: 1.2,
  async run({ quick, progress }) {
    const plan = quick ? QUICK : FULL
    const rounds: Watched[] = []
    for (let round = 0; round < plan.rounds; round++) {
      progress(round, plan.rounds, `round ${round + 1}`)
      rounds.push(...(await besideLock(plan)))
    }
    for (const face of FACES) rounds.push(...(await watchFace(face, plan)))
    const found = mediansOf(rounds)
    return {
      title: 'The event loop',
      introduction: `A gap is the longest time between two ticks of a timer of 10 ms. Each operation of every promise face is done once on a store of ${countText(plan.entries)} entries, those on many keys with 1,000. And a process keeps 20 \`promises.set\` in flight, one of them of a value that becomes a file, and a \`promises.get\`, while another process has the write lock for ${plan.hold / 1e3} s; the process beside it does nothing; of this, medians of ${plan.rounds} rounds.`,
      tables: [
        tableOf('Largest gap', found, {
          face: ({ face }) => face,
          operation: ({ operation }) => operation,
          gap: ({ gap }) => millisecondsText(gap),
        }),
      ],
      goals: [lockGoal(found, plan), ...FACES.map((face) => faceGoal(face, found, plan))],
    }
  },
}

/** One process uses promises, one does nothing, and this one has the lock meanwhile. */
async function besideLock({ hold, around }: typeof FULL): Promise<Watched[]> {
  await using stage = new Stage()
  const { directory } = stage.cache()
  const start = () => stage.use(WorkerProcess.of('loop', { directory }))
  const [user, idler] = [start(), start()]
  await Promise.all([user.ask('open'), idler.ask('open')])
  const duration = hold + 2 * around
  const [busy, idle] = await Promise.all([
    user.ask<LoopReport>('busy', duration),
    idler.ask<LoopReport>('idle', duration),
    sleep(WARM_UP + around).then(() => holdLock(databaseOf({ directory }), hold)),
  ])
  if (busy.longest < hold / 2) throw new Error('Cannot use the round: nothing waited for the lock')
  return [
    { face: LOCK, operation: 'promises.set and get', gap: busy.gap },
    { face: IDLE, operation: 'none', gap: idle.gap },
  ]
}

async function holdLock(file: string, milliseconds: number): Promise<void> {
  const database = new Database(file, { timeout: 60_000 })
  database.exec('BEGIN IMMEDIATE')
  await sleep(milliseconds)
  database.exec('ROLLBACK')
  database.close()
}

async function watchFace(face: FaceName, { entries }: typeof FULL): Promise<Watched[]> {
  await using stage = new Stage()
  const worker = stage.use(WorkerProcess.of('loop', { directory: stage.path(face) }))
  const gaps = await worker.ask<Record<string, number>>('face', face, entries)
  return Object.entries(gaps).map(([operation, gap]) => ({ face, operation, gap }))
}

/** Over the rounds; the largest first. */
function mediansOf(rounds: readonly Watched[]): Watched[] {
  const groups = Map.groupBy(rounds, ({ face, operation }) => `${face} ${operation}`)
  return Array.from(groups.values(), ([one, ...more]) => {
    return { ...one!, gap: median([one!, ...more].map(({ gap }) => gap)) }
  }).sort((a, b) => b.gap - a.gap)
}

const GOAL = { goal: atMost(50), unit: 'ms' }

function lockGoal(found: readonly Watched[], { hold }: typeof FULL): GoalResult {
  const gapOf = (wanted: string) => found.find(({ face }) => face === wanted)?.gap ?? Number.NaN
  const work = `event-loop gap of promises while another process has the lock for ${hold / 1e3} s`
  const note = `A process that does nothing: ${millisecondsText(gapOf(IDLE))}.`
  return { ...GOAL, work, measured: gapOf(LOCK), note }
}

/** By the worst operation, with the names of all that are too long. */
function faceGoal(face: FaceName, found: readonly Watched[], { entries }: typeof FULL): GoalResult {
  const operations = found.filter((one) => one.face === face)
  const slow = operations.filter(({ gap }) => gap > GOAL.goal.bound).map(({ operation }) => operation)
  const work = `event-loop gap of every operation of \`${face}.promises\` at ${countText(entries)} entries`
  const note = `Of ${operations.length} operations, above: ${slow.join(', ') || 'none'}.`
  return { ...GOAL, work, measured: operations[0]?.gap ?? Number.NaN, note }
}
