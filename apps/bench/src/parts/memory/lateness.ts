import { setImmediate as turn } from 'node:timers/promises'
import { median } from '../../measuring/statistics.ts'
import type { PeerStore } from '../../peers/peer.ts'

const KEY = 'key that is written'

const WRITES = { full: 51, quick: 3 }

/** Milliseconds after which a write that does not show counts as one that never does. */
const PATIENCE = 500

/**
 * Writes through `writer` what `reader` has just read, again and again. Gives how long after a write, in the median, a
 * read began that gave the new value, in milliseconds: 0, where it was the first one; `undefined`, where none did in time.
 */
export async function latenessOf(
  reader: Pick<PeerStore, 'get'>,
  writer: Pick<PeerStore, 'set'>,
  quick = false,
): Promise<number | undefined> {
  const times: number[] = []
  while (times.length < (quick ? WRITES.quick : WRITES.full)) {
    const value = `value ${times.length}`
    await reader.get(KEY)
    await writer.set(KEY, value)
    const end = performance.now()
    let time = 0
    while ((await reader.get(KEY)) !== value) {
      if (time > PATIENCE) return undefined
      await turn()
      time = performance.now() - end
    }
    times.push(time)
  }
  return median(times)
}
