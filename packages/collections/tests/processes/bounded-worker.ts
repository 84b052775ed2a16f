import { ok } from 'node:assert'
import { Deque } from '@diskcache/collections'
import { role } from '../../../cache/tests/processes/role.ts'

export interface BoundedJob {
  readonly directory: string
  readonly producer: number
  readonly items: number
  readonly maxLength: number
}

/** Appends items through both faces, and sees whether there are ever too many. */
role<BoundedJob, void>(async ({ directory, producer, items, maxLength }, barrier) => {
  using deque = new Deque<string>(directory, { maxLength })
  await barrier()
  for (let i = 0; i < items; i++) {
    if (i % 3 === 0) await deque.promises.append(`${producer}:${i}`)
    else if (i % 3 === 1) deque.append(`${producer}:${i}`)
    else deque.extend([`${producer}:${i}`])
    const { length } = deque
    ok(length <= maxLength, `there are ${length} items, of at most ${maxLength}`)
  }
})
