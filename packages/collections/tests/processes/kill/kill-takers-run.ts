import { ok, strictEqual } from 'node:assert'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { Deque } from '@diskcache/collections'
import { Child, meet } from '../../../../cache/tests/processes/child.ts'
import { Random } from '../../../../cache/tests/processes/random.ts'
import { expectNone, laterClock } from '../../../../cache/tests/processes/soundness.ts'
import { MIN_FILE_SIZE } from '../../../../cache/tests/processes/stamped-value.ts'
import { expectOrder, flowItem } from '../flow/flow-item.ts'
import type { DyingTakerJob } from './dying-taker.ts'

export interface KillTakersPlan {
  readonly directory: string
  readonly seed: number
  /** How many times all takers are killed. */
  readonly rounds: number
}

const TAKER = new URL('./dying-taker.ts', import.meta.url)
const TAKERS = 2
const LONGEST = 100
/** As many items as there are at the beginning of a round. */
const ITEMS = 1_000

/** Kills takers at random moments; throws when more than the item in hand is lost, or any is taken twice. Gives figures. */
export async function killTakersRun({ directory, seed, rounds }: KillTakersPlan): Promise<string> {
  using deque = new Deque(directory, { minFileSize: MIN_FILE_SIZE })
  const random = new Random(seed)
  const taken = new Set<string>()
  let [appended, lost] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    deque.extend(Array.from({ length: ITEMS - deque.length }, () => flowItem(0, appended++, random)))
    const before = appended - deque.length
    const outputs = await killTakers(directory, random)
    for (const [i, labels] of outputs.entries()) expectOrder(labels, `taker ${i}`)
    const labels = outputs.flat()
    for (const label of labels) {
      ok(!taken.has(label), `item ${label} was taken twice`)
      taken.add(label)
    }
    lost += expectInHand(appended - deque.length - before, labels.length)
  }
  expectOnlyOrphans(directory)
  strictEqual([...deque].length, deque.length, 'length is not the number of items')
  return `${rounds * TAKERS} takers killed while they took ${taken.size} items, none twice; ${lost} items in hand were lost`
}

/** Each of the dead may have had one item that it could not tell of; gives how many there were. */
function expectInHand(gone: number, told: number): number {
  const inHand = gone - told
  ok(inHand >= 0 && inHand <= TAKERS, `${gone} items are gone, ${told} were taken`)
  return inHand
}

/** Kills processes that take items; gives the labels that they printed. */
async function killTakers(directory: string, random: Random): Promise<string[][]> {
  const children = Array.from({ length: TAKERS }, (_, i) => {
    const job: DyingTakerJob = { directory, waits: i % 2 === 0 }
    return Child.process<never>(TAKER, job, { limit: 30_000 })
  })
  try {
    await meet(children)
    await setTimeout(random.below(LONGEST))
  } finally {
    for (const child of children) child.kill()
    await Promise.all(children.map(({ ended }) => ended))
  }
  for (const child of children) await expectKilled(child)
  return children.map(({ output }) => output.split('\n').slice(0, -1))
}

/** It must have ended by the kill, not by an error of its own. */
async function expectKilled(child: Child<never>): Promise<void> {
  const reason = await child.result.catch((error: Error) => error.message)
  ok(reason.includes('SIGKILL'), reason)
}

/** The files of items in hand, and nothing else, are there to be swept. */
function expectOnlyOrphans(directory: string): void {
  using now = new Cache(directory)
  expectNone(now.check(), 'check()')
  using later = new Cache(directory, { clock: laterClock })
  const harm = later.check().filter(({ kind }) => kind !== 'orphan-file' && kind !== 'empty-directory')
  expectNone(harm, 'check() an hour later, besides orphans,')
}
