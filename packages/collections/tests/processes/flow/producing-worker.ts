import { setImmediate } from 'node:timers/promises'
import { Deque } from '@diskcache/collections'
import { Random } from '../../../../cache/tests/processes/random.ts'
import { role } from '../../../../cache/tests/processes/role.ts'
import { MIN_FILE_SIZE } from '../../../../cache/tests/processes/stamped-value.ts'
import { flowItem, labelOf } from './flow-item.ts'

export interface ProducingJob {
  readonly directory: string
  readonly seed: number
  /** From 0 up; the odd ones use promises. */
  readonly producer: number
  readonly items: number
  readonly maxLength: number
}

/** The labels of the items that were pushed off the other end. */
export type ProducingReport = string[]

role<ProducingJob, ProducingReport>(async (job, barrier) => {
  const { directory, seed, producer, items, maxLength } = job
  using deque = new Deque(directory, { maxLength, minFileSize: MIN_FILE_SIZE })
  const random = new Random(seed, producer)
  const lost: string[] = []
  await barrier()
  for (let sequence = 0; sequence < items; sequence++) {
    const item = flowItem(producer, sequence, random)
    await (maxLength === Infinity ? append(deque, item, producer) : appendNoting(deque, item, producer, lost))
    if (sequence % 20 === 0) await setImmediate()
  }
  return lost
})

async function append(deque: Deque, item: unknown, producer: number): Promise<void> {
  if (producer % 2 === 0) deque.append(item)
  else await deque.promises.append(item)
}

/** What is pushed off must be known, so that each item can be accounted for. */
async function appendNoting(deque: Deque, item: unknown, producer: number, lost: string[]): Promise<void> {
  const body = () => {
    const first = deque.length === deque.maxLength ? deque.peekLeft() : undefined
    deque.append(item)
    return first
  }
  const pushedOff = producer % 2 === 0 ? deque.transact(body) : await deque.promises.transact(body)
  if (pushedOff !== undefined) lost.push(labelOf(pushedOff))
}
