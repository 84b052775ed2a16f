import { ok } from 'node:assert'
import { setTimeout } from 'node:timers/promises'
import { FanoutCache } from '@diskcache/fanout'
import { Child, meet } from '../../../cache/tests/processes/child.ts'
import { Random } from '../../../cache/tests/processes/random.ts'
import { expectNone } from '../../../cache/tests/processes/soundness.ts'
import { ACCOUNTS, openAccounts } from './ledger.ts'
import { expectSoundShards } from './soundness.ts'
import type { TransferringJob, TransferringReport } from './transferring-worker.ts'

export interface KillTransfersPlan {
  readonly directory: string
  readonly seed: number
  /** How many times all processes are killed. */
  readonly rounds: number
}

const WORKER = new URL('./transferring-worker.ts', import.meta.url)
const FACES = ['sync', 'promises', 'sync'] as const
const LONGEST = 150

/**
 * Kills processes in the middle of transactions over all shards: no lock is left, and no damage. Gives figures, of which
 * one is how often a transaction was committed in some shards only.
 */
export async function killTransfersRun({ directory, seed, rounds }: KillTransfersPlan): Promise<string> {
  using cache = new FanoutCache<number, number>(directory)
  const random = new Random(seed)
  const sum = () => cache.getMany(ACCOUNTS).reduce<number>((sum, balance) => sum + (balance ?? 0), 0)
  let torn = 0
  for (let round = 0; round < rounds; round++) {
    openAccounts(cache)
    const before = sum()
    await killWorkers({ directory, seed: seed + round, transfers: Infinity }, random.below(LONGEST))
    // At once, without waiting for anything.
    cache.transact(() =>
      ok(
        ACCOUNTS.every((key) => cache.has(key)),
        'an account is gone',
      ),
    )
    expectNone(cache.check(), 'check() after the kill')
    if (sum() !== before) torn++
  }
  expectSoundShards(directory)
  return `${rounds * FACES.length} processes killed in transactions over 8 shards: no lock left, ${torn} committed in part`
}

async function killWorkers(job: Omit<TransferringJob, 'id' | 'face'>, time: number): Promise<void> {
  const children = FACES.map((face, id) =>
    Child.process<TransferringReport>(WORKER, { ...job, id, face }, { limit: 30_000 }),
  )
  try {
    await meet(children)
    await setTimeout(time)
  } finally {
    for (const child of children) child.kill()
    await Promise.all(children.map(({ ended }) => ended))
  }
  for (const child of children) await expectKilled(child)
}

/** It must have ended by the kill, not by an error of its own. */
async function expectKilled(child: Child<TransferringReport>): Promise<void> {
  const reason = await child.result.then(String, (error: Error) => error.message)
  ok(reason.includes('SIGKILL'), reason)
}
