import { setImmediate } from 'node:timers/promises'
import { Index } from '@diskcache/collections'
import { role } from '../../../cache/tests/processes/role.ts'

export interface PoppingJob {
  readonly directory: string
  readonly last: boolean
  readonly face: 'promises' | 'sync'
}

/** Pops entries from one end until there are none; gives their keys. */
role<PoppingJob, number[]>(async ({ directory, last, face }, barrier) => {
  using index = new Index<number, number>(directory)
  const keys: number[] = []
  await barrier()
  for (;;) {
    const entry = face === 'sync' ? index.popItem({ last }) : await index.promises.popItem({ last })
    if (entry === undefined) return keys
    keys.push(entry[0])
    await setImmediate()
  }
})
