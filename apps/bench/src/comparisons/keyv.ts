import { Cache } from '@diskcache/cache'
import type { Keyv } from 'keyv-5'
import { Awaited } from '../awaited.ts'
import type { Comparison } from '../comparison.ts'
import type { Contender } from '../contender.ts'
import { isThere, type KeyvPeer } from '../peers/keyv-peer.ts'
import { loadKeyvRedis } from '../peers/keyv-redis.ts'
import { loadKeyvSqlite } from '../peers/keyv-sqlite.ts'
import { loadKeyvSqlite6 } from '../peers/keyv-sqlite-6.ts'
import type { Stage } from '../stage.ts'
import { entriesRotation, keyRotation, type Rotation, valueRotation } from '../workload.ts'

type Call = (keyv: Keyv) => () => Promise<unknown>

/** A Keyv that is opened and filled in the first round, which is not measured; a stage is set up without waiting. */
class OpenedLater implements Contender {
  readonly #open: () => Promise<Keyv>
  readonly #callOf: Call
  #contender: Awaited | undefined

  constructor(open: () => Promise<Keyv>, callOf: Call) {
    this.#open = open
    this.#callOf = callOf
  }

  async time(calls: number): Promise<number> {
    this.#contender ??= new Awaited({ call: this.#callOf(await filled(await this.#open())) })
    return this.#contender.time(calls)
  }
}

/** With the workload's keys, and other values than the first that are set: those would change nothing. */
async function filled(keyv: Keyv): Promise<Keyv> {
  const [, entries] = entriesRotation().take(2)
  await keyv.setMany(entries!.map(([key, value]) => ({ key, value })))
  return keyv
}

const get: Call = (keyv) => {
  const keys = keyRotation()
  return () => keyv.get(keys.next())
}

const set: Call = (keyv) => {
  const [keys, values] = [keyRotation(), valueRotation()]
  return () => keyv.set(keys.next(), values.next())
}

function setMany(inFlight: number): Call {
  return (keyv) => {
    const [keys, values] = [keyRotation(), valueRotation()]
    return () => Promise.all(inPairs(inFlight, keys, values).map(([key, value]) => keyv.set(key, value)))
  }
}

function inPairs(count: number, keys: Rotation<string>, values: Rotation<string>): [string, string][] {
  return Array.from({ length: count }, () => [keys.next(), values.next()])
}

const IN_FLIGHT = 100

function against(peer: KeyvPeer): Comparison[] {
  const comparison = (
    operation: string,
    callOf: Call,
    count: Pick<Comparison, 'calls' | 'operationsPerCall'>,
  ) => ({
    operation: `Keyv.${operation}`,
    yardstick: peer.name,
    ...count,
    start: (stage: Stage) => ({
      subject: ours(peer, stage, callOf),
      yardstick: new OpenedLater(() => peer.open(stage), callOf),
    }),
  })
  return [
    comparison('get, awaited one by one', get, { calls: 1_000 }),
    comparison('set, awaited one by one', set, { calls: 100 }),
    comparison(`set, ${IN_FLIGHT} in flight`, setMany(IN_FLIGHT), { calls: 2, operationsPerCall: IN_FLIGHT }),
  ]
}

function ours(peer: KeyvPeer, stage: Stage, callOf: Call): Contender {
  const cache = stage.use(new Cache(stage.path('keyv')))
  return new OpenedLater(async () => peer.ours(cache), callOf)
}

/** Keyv on `@diskcache/adapters` beside Keyv on the stores that it has elsewhere, as far as they are there. */
export async function keyvComparisons(): Promise<{ comparisons: Comparison[]; skipped: string[] }> {
  const peers = [await loadKeyvSqlite(), await loadKeyvSqlite6(), loadKeyvRedis()]
  return {
    comparisons: peers.filter(isThere).flatMap(against),
    skipped: peers
      .filter((peer) => 'reason' in peer)
      .map(({ name, reason }) => `${name}: skipped, ${reason}`),
  }
}
