import { setTimeout as sleep } from 'node:timers/promises'
import type { Service } from '../service.ts'
import { WAYS } from './ways.ts'

/** A way by its number in `WAYS`, and the address of Redis. */
export interface AbsentSettings {
  readonly way: number
  readonly address: string
}

/** What became of calls. */
export interface AbsentResult {
  /** How long those took that ended, in milliseconds. */
  readonly times: readonly number[]
  readonly failed: number
  /** How many had not ended after the wait. */
  readonly hanging: number
}

/** How long a value takes to be computed, in milliseconds. */
export const WORK = 5

/** A process that asks for a new key at a fixed rate: so many calls, one each `period` milliseconds, and `wait` for their ends. */
export async function absentService({ way, address }: AbsentSettings): Promise<Service> {
  // What clients say of connections is no news.
  process.on('uncaughtException', () => {})
  process.on('unhandledRejection', () => {})
  const ask = await WAYS[way]!.open(address)
  let asked = 0
  const compute = () => sleep(WORK, 'value')

  async function run(calls: number, period: number, wait: number): Promise<AbsentResult> {
    const times: number[] = []
    let failed = 0
    const start = performance.now()
    const call = async (due: number) => {
      await ask(`key ${asked++}`, compute).catch(() => failed++)
      times.push(performance.now() - due)
    }
    const calling: Promise<void>[] = []
    for (let i = 0; i < calls; i++) {
      const due = start + i * period
      const rest = due - performance.now()
      if (rest >= 1) await sleep(rest)
      calling.push(call(due))
    }
    await Promise.race([Promise.all(calling), sleep(wait)])
    return { times: [...times], failed, hanging: calls - times.length }
  }

  return { commands: { run } }
}
