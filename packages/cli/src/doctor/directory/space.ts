import { statfsSync } from 'node:fs'
import { formatBytes } from '../../terminal/sizes.ts'
import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import type { Patient } from './patient.ts'

const FULL: Ailment = {
  id: 'full-disk',
  sign: 'trouble',
  what: 'The disk is full',
  why: 'Writes fail with ERR_DISKCACHE_FULL, or remove other entries to make room',
  wayOut: 'Free space, or lower sizeLimit and call cull()',
}

const TIGHT: Ailment = {
  id: 'little-space',
  sign: 'remark',
  what: 'The disk has less space than the cache may still take',
  why: 'The disk is the limit then: the cache evicts earlier, and other programs find the disk full',
  wayOut: 'Free space, or set sizeLimit to what the cache may have',
}

const INODES: Ailment = {
  id: 'few-inodes',
  sign: 'trouble',
  what: 'The file system can take hardly any more files',
  why: 'Each value from minFileSize on is a file: such writes fail although there is space',
  wayOut: 'Remove files, or raise minFileSize, so that more values stand in the database',
}

const FILE_SIZE: Ailment = {
  id: 'file-size-limit',
  sign: 'remark',
  what: 'A file of this user may not grow as large as the cache (ulimit -f)',
  why: 'The database stops growing there, and larger values are not stored',
  wayOut:
    'Raise the limit where the application is started, such as LimitFSIZE of systemd, or lower sizeLimit',
}

/** What counts as nothing: less than is held back for a full disk. */
const LEAST_BYTES = 512 * 1024
const LEAST_FILES = 100

/** Whether there is room for what the cache may still take. The quota of a user is not told. */
export const space: Examination<Patient> = {
  name: 'space',
  ailments: [FULL, TIGHT, INODES, FILE_SIZE],
  examine({ path, parts }) {
    if (parts.length === 0) return undefined
    const { bavail, bsize, files, ffree } = statfsSync(path)
    const free = bavail * bsize
    const databases = parts.flatMap(({ examination }) => examination.database ?? [])
    const limit = databases.reduce((sum, { settings }) => sum + settings.sizeLimit, 0)
    const growth = databases.reduce(
      (sum, { settings, volume }) => sum + Math.max(0, settings.sizeLimit - volume),
      0,
    )
    const mostBytes = Math.min(...parts.map(({ examination }) => examination.fileSizeLimit))
    const found: Symptom[] = [
      ...spaceSymptoms(free, growth),
      ...(files > 0 && ffree < LEAST_FILES ? [{ ailment: INODES, detail: `room for ${ffree}` }] : []),
      ...(mostBytes < limit / Math.max(1, databases.length)
        ? [{ ailment: FILE_SIZE, detail: formatBytes(mostBytes) }]
        : []),
    ]
    return found.length === 0
      ? `${formatBytes(free)} free, more than the cache may still take; quotas are not told`
      : found
  },
}

function spaceSymptoms(free: number, growth: number): Symptom[] {
  if (free < LEAST_BYTES) return [{ ailment: FULL, detail: `${formatBytes(free)} free` }]
  if (free >= growth) return []
  return [
    { ailment: TIGHT, detail: `${formatBytes(free)} free, and the cache may grow by ${formatBytes(growth)}` },
  ]
}
