import { counted, formatBytes } from '../../terminal/sizes.ts'
import type { Patient } from '../directory/patient.ts'
import type { Ailment, Examination } from '../findings/ailment.ts'
import { eachDatabase } from './each-database.ts'

const OVER: Ailment = {
  id: 'over-limit',
  sign: 'trouble',
  what: 'The cache is larger than its limit',
  why: 'It takes more of the disk than it may: it is pinned, Python or cullLimit 0 removes nothing, or the limit was lowered',
  wayOut: 'diskcache cull DIRECTORY, or raise sizeLimit',
}

const MANY: Ailment = {
  id: 'too-many-entries',
  sign: 'remark',
  what: 'There are more entries than maxEntries',
  why: 'Python does not know that limit, what is pinned stays, or the limit was lowered',
  wayOut: 'diskcache cull DIRECTORY; otherwise the next writes of Node remove them',
}

const EXPIRED: Ailment = {
  id: 'expired-heap',
  sign: 'trouble',
  what: 'Most entries have expired, and nobody removes them',
  why: 'They take disk, and every search goes through them; writes remove a few each, and here are too few writes',
  wayOut: 'diskcache expire DIRECTORY, and call expire() now and then, or raise cullLimit',
}

/** The part by which a cache may overshoot its limit, and the bytes: about one value, and pages that come back. */
const OVERSHOOT = 1.05
const OVERSHOOT_BYTES = 2 ** 20

/** From how many expired entries on they are a heap. */
const HEAP = 1_000

/** Whether the cache keeps its limits. */
export const volume: Examination<Patient> = {
  name: 'volume',
  ailments: [OVER, MANY, EXPIRED],
  examine: (patient) => {
    const bytes = patient.parts.reduce((sum, part) => sum + (part.examination.database?.volume ?? 0), 0)
    return eachDatabase(
      patient,
      `${formatBytes(bytes)}, within its limit`,
      ({ volume, settings, entries, expired }) => {
        const { sizeLimit, maxEntries, evictionPolicy } = settings
        const isOver =
          evictionPolicy !== 'none' && volume > Math.max(sizeLimit * OVERSHOOT, sizeLimit + OVERSHOOT_BYTES)
        return [
          ...(isOver
            ? [
                {
                  ailment: OVER,
                  detail: `${formatBytes(volume)}, and ${formatBytes(sizeLimit)} are its limit`,
                },
              ]
            : []),
          ...(entries > maxEntries
            ? [
                {
                  ailment: MANY,
                  detail: `${counted(entries, 'entry', 'entries')}, and ${maxEntries} are its limit`,
                },
              ]
            : []),
          ...(expired >= HEAP && expired * 2 > Math.min(entries, 200_000 - 1)
            ? [
                {
                  ailment: EXPIRED,
                  detail: `${counted(expired, 'entry', 'entries')} of ${entries.toLocaleString('en')}`,
                },
              ]
            : []),
        ]
      },
    )
  },
}
