import { deepStrictEqual, ok } from 'node:assert'
import { setTimeout as delay } from 'node:timers/promises'
import { Child } from '../../../recipes/tests/processes/child.ts'
import type { RedisStoreOptions } from '../../src/index.ts'
import { RedisServer } from '../servers/redis-server.ts'
import { SentinelGroup } from '../servers/sentinel-group.ts'
import { TcpProxy } from '../servers/tcp-proxy.ts'
import type { OutageJob, OutageReport } from './outage-worker.ts'

const WORKER = new URL('./outage-worker.ts', import.meta.url)
const PROCESSES = 3

/** Of each process: its keys, the operations that it begins in a second, and how many are under way at most. */
const LOAD = { keys: 24, rate: 250, most: 200 }

/** Milliseconds after which an operation fails; some outages take less, and some more. */
const TIMEOUT = 600

type Disturb = (round: number) => Promise<unknown>

/**
 * Processes that begin operations at a fixed rate, whether or not earlier ones have ended, while their server is killed
 * and restarted empty, stands still, and their connections are cut. Throws when something took effect that had been reported as failed, or is lost though the
 * server has kept its data; gives figures.
 */
export async function outageRun(rounds: number): Promise<string> {
  const server = await RedisServer.start()
  const proxy = await TcpProxy.start(server.port)
  const pause = async (time: number, middle: () => void = () => {}) => {
    server.pause()
    await delay(time / 2)
    middle()
    await delay(time / 2)
    server.resume()
  }
  const kinds: Disturb[] = [
    async () => proxy.cut(),
    () => pause(TIMEOUT * 0.8),
    () =>
      proxy
        .close()
        .then(() => delay(TIMEOUT / 2))
        .then(() => proxy.open()),
    () => pause(TIMEOUT * 2),
    () => pause(TIMEOUT, () => proxy.cut()),
  ]
  try {
    const kept = await disturbed({ url: proxy.url }, rounds, (round) => kinds[round % kinds.length]!(round))
    const emptied = await disturbed({ url: proxy.url }, Math.ceil(rounds / 5), () => server.restart())
    deepStrictEqual(kept.lost, 0, 'lost, though the server has kept its data')
    return [
      `${rounds} cuts and stalls: ${figures(kept)}`,
      `${Math.ceil(rounds / 5)} restarts without data: ${figures(emptied)}`,
    ].join('; ')
  } finally {
    await proxy.close()
    await server.stop()
  }
}

/** The same, while the primary of a group is killed, paused or replaced; what replication loses is counted. */
export async function failoverRun(rounds: number): Promise<string> {
  const group = await SentinelGroup.start()
  const disturb: Disturb = async (round) => {
    const primary = await group.primary()
    if (round % 3 === 0) await group.failover()
    else if (round % 3 === 1) await primary.kill()
    else primary.pause()
    await group.replaced(primary)
    if (round % 3 === 1) await primary.restart()
    if (round % 3 === 2) primary.resume()
  }
  try {
    return `${rounds} failovers: ${figures(await disturbed({ sentinel: group.options }, rounds, disturb))}`
  } finally {
    await group.stop()
  }
}

async function disturbed(
  options: RedisStoreOptions,
  rounds: number,
  disturb: Disturb,
): Promise<OutageReport> {
  await using children = new AsyncDisposableStack()
  const workers = await Promise.all(
    Array.from({ length: PROCESSES }, async (_, id) => {
      const prefix = `outage ${rounds} ${Math.random()}`
      const job: OutageJob = { options: { ...options, prefix, timeout: TIMEOUT }, id, ...LOAD }
      const child = children.use(new Child(WORKER, job))
      await child.hear()
      return child
    }),
  )
  for (let round = 0; round < rounds; round++) {
    await delay(200 + Math.random() * 200)
    await disturb(round)
  }
  await delay(2 * TIMEOUT)
  const reports = await Promise.all(
    workers.map((worker) => {
      worker.tell('enough')
      return worker.hear<OutageReport>()
    }),
  )
  return checked(reports)
}

function checked(reports: readonly OutageReport[]): OutageReport {
  const late = reports.flatMap((report) => report.late)
  deepStrictEqual(late, [], 'took effect after it was reported as failed')
  const sum = (count: (report: OutageReport) => number) => reports.reduce((all, one) => all + count(one), 0)
  // A restart may fall between two writes; then what it lost shows it.
  ok(sum(({ failures, lost }) => failures + lost) > 0, 'nothing was disturbed')
  return {
    writes: sum(({ writes }) => writes),
    failures: sum(({ failures }) => failures),
    reads: sum(({ reads }) => reads),
    leftOut: sum(({ leftOut }) => leftOut),
    lost: sum(({ lost }) => lost),
    late,
    longest: Math.max(...reports.map(({ longest }) => longest)),
  }
}

function figures({ writes, failures, reads, leftOut, lost, longest }: OutageReport): string {
  return (
    `${writes} writes, ${failures} reported as failed, 0 of which were done later, ${reads} reads, ${lost} values lost; ` +
    `${leftOut} operations left out, since ${LOAD.most} of a process were under way; the longest operation took ${Math.round(longest)} ms with a timeout of ${TIMEOUT} ms`
  )
}
