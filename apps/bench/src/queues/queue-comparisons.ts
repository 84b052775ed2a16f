import { join } from 'node:path'
import type { Comparison } from '../comparison.ts'
import { type Contender, InProcess } from '../contender.ts'
import { PeerProcess } from '../peers/peer-process.ts'
import type { Stage } from '../stage.ts'
import { together } from '../together.ts'
import { valueRotation } from '../workload.ts'
import { openQueue, type Queue, type QueueKind } from './open-queue.ts'

/** Items that a round adds, or takes. */
const ITEMS = 1_000

/** Of all processes together, in a round. */
const TURNS = 800

const WORKER = join(import.meta.dirname, 'queue-worker.ts')

const OURS = [
  { kind: 'cache', push: 'Cache.push', pull: 'Cache.pull', both: 'Cache.push and pull' },
  { kind: 'deque', push: 'Deque.append', pull: 'Deque.popLeft', both: 'Deque.append and popLeft' },
] as const

/** One process that only adds, and one that only takes. */
export const ALONE: readonly Comparison[] = [
  ...OURS.map(({ kind, push }) =>
    comparison(push, 'INSERT', (stage, side) => adding(opened(stage, side ?? kind))),
  ),
  ...OURS.map(({ kind, pull }) =>
    comparison(pull, 'DELETE … RETURNING', (stage, side) => taking(opened(stage, side ?? kind))),
  ),
]

/** Several processes, each of which adds and takes in turns. */
export const SHARED: readonly Comparison[] = [1, 4].flatMap((processes) =>
  OURS.map(({ kind, both }) => ({
    ...comparison(
      `${both}, ${processesText(processes)}`,
      'INSERT and DELETE … RETURNING, as many',
      (stage, side) => sharing(stage, side ?? kind, processes),
    ),
    calls: TURNS,
  })),
)

/** `start` is told the kind of the yardstick, or nothing where it is to make the subject. */
function comparison(
  operation: string,
  yardstick: string,
  start: (stage: Stage, side?: QueueKind) => Contender,
): Comparison {
  return {
    operation,
    yardstick,
    calls: ITEMS,
    start: (stage) => ({ subject: start(stage), yardstick: start(stage, 'bare') }),
  }
}

function opened(stage: Stage, kind: QueueKind): Queue {
  return stage.use(openQueue(kind, pathOf(stage, kind)))
}

function pathOf(stage: Stage, kind: QueueKind): string {
  return `${stage.path(kind)}${kind === 'bare' ? '.db' : ''}`
}

/** Every round begins with an empty queue. */
function adding(queue: Queue): Contender {
  const values = valueRotation()
  return new InProcess({ prepare: () => drain(queue), call: () => queue.push(values.next()) })
}

/** Every round begins with as many items as it takes. */
function taking(queue: Queue): Contender {
  const values = valueRotation()
  const fill = () => {
    drain(queue)
    for (let i = 0; i < ITEMS; i++) queue.push(values.next())
  }
  return new InProcess({ prepare: fill, call: () => queue.pull() })
}

function drain(queue: Queue): void {
  while (queue.pull() !== undefined);
}

function sharing(stage: Stage, kind: QueueKind, processes: number): Contender {
  const path = pathOf(stage, kind)
  openQueue(kind, path)[Symbol.dispose]()
  const peers = Array.from({ length: processes }, () =>
    stage.use(new PeerProcess(process.execPath, [WORKER, kind, path])),
  )
  return together(peers, 'turn')
}

function processesText(processes: number): string {
  return processes === 1 ? 'one process' : `${processes} processes`
}
