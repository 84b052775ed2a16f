import { writeSync } from 'node:fs'
import { Deque } from '@diskcache/collections'
import { role } from '../../../../cache/tests/processes/role.ts'
import { labelOf } from '../flow/flow-item.ts'

export interface DyingTakerJob {
  readonly directory: string
  readonly waits: boolean
}

/** Takes items and prints their labels, until it is killed. */
role<DyingTakerJob, never>(async ({ directory, waits }, barrier) => {
  using deque = new Deque(directory)
  await barrier()
  for (;;) {
    const item = waits ? await deque.promises.takeLeft() : deque.popLeft()
    // At once, so that nothing but the item in hand can be lost.
    if (item !== undefined) writeSync(1, `${labelOf(item)}\n`)
  }
})
