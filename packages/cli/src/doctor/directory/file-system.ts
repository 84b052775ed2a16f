import { statfsSync } from 'node:fs'
import type { Ailment, Examination } from '../findings/ailment.ts'
import type { Patient } from './patient.ts'

const NETWORK: Ailment = {
  id: 'network-file-system',
  sign: 'trouble',
  what: 'The directory is on a network file system',
  why: "Locks may fail there, and processes of two machines damage the database: they do not share its log's index",
  wayOut: 'Use a local disk; for several machines, RedisStore of @diskcache/redis',
}

const MEMORY: Ailment = {
  id: 'memory-file-system',
  sign: 'remark',
  what: 'The directory is in memory',
  why: 'All is gone after a restart of the machine or the container, and it takes memory from programs',
  wayOut: 'Nothing, if that is meant; otherwise a directory on a disk',
}

/** The numbers of tmpfs and ramfs, from `linux/magic.h`. */
const MEMORY_TYPES = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
])

/** Whether the file system is one on which SQLite works. */
export const fileSystem: Examination<Patient> = {
  name: 'file system',
  ailments: [NETWORK, MEMORY],
  examine({ path, parts }) {
    const examination = parts[0]?.examination
    if (examination === undefined) return undefined
    const { networkFileSystem } = examination
    if (networkFileSystem !== undefined) return [{ ailment: NETWORK, detail: networkFileSystem }]
    if (process.platform !== 'linux') return 'which one is not told by this system; a local disk is meant'
    const memory = MEMORY_TYPES.get(statfsSync(path).type >>> 0)
    return memory === undefined ? 'a local one' : [{ ailment: MEMORY, detail: memory }]
  },
}
