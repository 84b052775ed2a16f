import { type BigIntStats, readFileSync, readlinkSync } from 'node:fs'

/** The namespace of all processes of the machine; the list of locks leaves out those that are not in one's own. */
const ALL_PROCESSES = 'pid:[4026531836]'

/**
 * Returns whether no process of this machine has a lock on a file; `undefined` where that is not told: Linux alone does,
 * and not in a container.
 */
export function isUnlocked({ ino }: BigIntStats): boolean | undefined {
  try {
    if (readlinkSync('/proc/self/ns/pid') !== ALL_PROCESSES) return undefined
    // The number of the device is left out: some file systems give locks another one than files.
    return !readFileSync('/proc/locks', 'latin1').includes(`:${ino} `)
  } catch {
    return undefined
  }
}
