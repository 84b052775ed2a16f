import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SECRET } from '../../../../packages/cache/tests/hostile/file-cases.ts'
import {
  HOSTILE_DIRECTORIES,
  type HostileDirectory,
} from '../../../../packages/collections/tests/hostile/hostile-directories.ts'
import { Opener } from '../../../../packages/collections/tests/hostile/opener.ts'
import type { Scenario } from '../scenario.ts'

/** The time that a hostile directory may take from its opening to its closing, in milliseconds. */
const LONGEST = 200

/** The number of times that one which took longer is tried, as the machine may have been busy. */
const ATTEMPTS = 3

const SHOWN = 5

interface Timed {
  readonly title: string
  readonly ms: number
}

/** Hostile directories, of every kind of store: how long each takes. Their ends are judged by the tests of collections. */
export const hostile: Scenario = {
  name: 'hostile',
  minutes: 10,
  async run({ directory }) {
    using opener = new Opener()
    const timed: Timed[] = []
    for (const hostile of HOSTILE_DIRECTORIES) timed.push(await time(opener, hostile, directory))
    timed.sort((a, b) => b.ms - a.ms)
    const lines = [
      `${timed.length} directories, in the median ${timed[timed.length >> 1]?.ms.toFixed(1)} ms; the longest:`,
      ...timed.slice(0, SHOWN).map(({ title, ms }) => `${ms.toFixed(1)} ms: ${title}`),
    ]
    if (timed.some(({ ms }) => ms > LONGEST)) throw new Error(lines.join('\n       '))
    return lines
  },
}

/** Opens a directory, again where that took too long, and returns the shortest time. */
async function time(opener: Opener, { what, kind, make }: HostileDirectory, root: string): Promise<Timed> {
  let ms = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < ATTEMPTS && ms > LONGEST; attempt++) {
    rmSync(root, { recursive: true, force: true })
    const [directory, outside] = [join(root, 'store'), join(root, 'outside')]
    for (const path of [directory, outside]) mkdirSync(path, { recursive: true })
    writeFileSync(join(outside, 'precious'), SECRET)
    make(directory, outside)
    ms = Math.min(ms, (await opener.open({ kind, directory })).ms)
  }
  return { title: `${kind}, ${what}`, ms }
}
