import { diskUsage } from '../measuring/disk-usage.ts'
import { atMost } from '../measuring/goal.ts'
import { seededRandom } from '../measuring/seeded-random.ts'
import { databaseOf, Stage } from '../measuring/stage.ts'
import { countText, figureText } from '../report/figure-text.ts'
import { tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'

const KIBIBYTE = 1_024
const MEBIBYTE = KIBIBYTE ** 2

/** The limit, and how many times as many bytes are set. */
const FULL = { sizeLimit: 16 * MEBIBYTE, times: 3 }
const QUICK = { sizeLimit: 4 * MEBIBYTE, times: 2 }

/** How often the disk is looked at. */
const LOOKS = 40

/** Bytes of a value, when a share of all has been set. From 32 KiB on, a value becomes a file. */
const MIXES: Readonly<Record<string, (done: number, random: () => number) => number>> = {
  'values of 100 bytes': () => 100,
  'values of 10 KiB': () => 10 * KIBIBYTE,
  'values of 100 KiB, in files': () => 100 * KIBIBYTE,
  'values of 100 bytes to 300 KiB': (_, random) => Math.round(100 * 3_000 ** random()),
  'first values of 1 KiB, then of 100 KiB': (done) => (done < 0.5 ? KIBIBYTE : 100 * KIBIBYTE),
  'first values of 100 KiB, then of 1 KiB': (done) => (done < 0.5 ? 100 * KIBIBYTE : KIBIBYTE),
}

/** How much of a disk a cache takes that is told how much it may. */
export const DISK_PART: Part = {
  name: 'disk',
  minutes: 0.7,
  async run({ quick, progress }) {
    const plan = quick ? QUICK : FULL
    const found: Found[] = []
    for (const mix of Object.keys(MIXES)) {
      progress(found.length, Object.keys(MIXES).length, mix)
      found.push(await fillBeyond(mix, plan))
    }
    const [worst] = found.toSorted((a, b) => b.ratio - a.ratio)
    const least = figureText(Math.min(...found.map(({ ratio }) => ratio)))
    return {
      title: 'How much of a disk a cache takes',
      introduction: `New keys are set in a cache whose \`sizeLimit\` is ${plan.sizeLimit / MEBIBYTE} MiB, until ${plan.times} times as much has been set. ${LOOKS} times on the way its directory is measured as \`du\` does. What the write-ahead log takes, and one value of the largest, are taken off.`,
      tables: [
        tableOf('By what is set', found, {
          'what is set': ({ mix }) => mix,
          'most, MiB': ({ most }) => most / MEBIBYTE,
          'of the limit': ({ ratio }) => ratio,
          'entries at the end': ({ entries }) => countText(entries),
        }),
      ],
      goals: [
        {
          work: 'directory on disk, without one value and the log, against `sizeLimit`, of every mix',
          goal: atMost(1.15),
          measured: worst?.ratio ?? Number.NaN,
          note: `The most: ${worst?.mix}. The least: ${least}.`,
        },
      ],
    }
  },
}

interface Found {
  readonly mix: string
  /** Bytes that the directory took, without the log and one value; and in units of the limit. */
  readonly most: number
  readonly ratio: number
  readonly entries: number
}

async function fillBeyond(mix: string, { sizeLimit, times }: typeof FULL): Promise<Found> {
  await using stage = new Stage()
  const cache = stage.emptyCache({ sizeLimit })
  const random = seededRandom(1)
  const all = times * sizeLimit
  let [key, set, largest, most] = [0, 0, 0, 0]
  for (let look = 1; look <= LOOKS; look++) {
    while (set < (look / LOOKS) * all) {
      const bytes = MIXES[mix]!(set / all, random)
      cache.set(`key:${key++}`, 'x'.repeat(bytes))
      set += bytes
      largest = Math.max(largest, bytes)
    }
    const log = diskUsage(`${databaseOf(cache)}-wal`)
    most = Math.max(most, diskUsage(cache.directory) - log - largest)
  }
  return { mix, most, ratio: most / sizeLimit, entries: cache.size }
}
