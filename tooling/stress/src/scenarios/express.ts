import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { killingRounds } from '../../../../packages/adapters/tests/express/processes/killing-rounds.ts'
import { passLargeResponse } from '../../../../packages/adapters/tests/express/processes/large-response.ts'
import { runsIn } from '../../../../packages/adapters/tests/express/processes/runs.ts'
import { ServerProcess } from '../../../../packages/adapters/tests/express/processes/server-process.ts'
import { expectSound } from '../../../../packages/cache/tests/processes/soundness.ts'
import { mebibytes } from '../mebibytes.ts'
import type { Scenario } from '../scenario.ts'

const MIB = 2 ** 20

/** Responses through the middleware: one that is longer than memory should ever be, and many whose process is killed. */
export const express: Scenario = {
  name: 'express',
  minutes: 5,
  async run({ directory, short }) {
    return [
      await passLarge(join(directory, 'large'), short ? 64 : 1_024),
      await killComputing(join(directory, 'killed'), short ? 3 : 25),
    ]
  },
}

async function passLarge(directory: string, size: number): Promise<string> {
  const log = `${directory}-runs`
  const options = { maxBodySize: 2 ** 40, cache: { sizeLimit: 2 ** 40 } }
  await using server = await ServerProcess.start({ directory, log, options })
  const { used, resident, sizes, seconds } = await passLargeResponse(server, size)
  deepEqual(sizes, [size * MIB, size * MIB])
  // The first small one, and the long one once.
  equal(runsIn(log).length, 2)
  ok(used < 24 * MIB, `a response took ${mebibytes(used)} more memory`)
  await server.kill()
  expectSound(directory)
  const [first, second] = seconds.map((time) => `${(size / time).toFixed(0)} MiB/s`)
  return (
    `${mebibytes(size * MIB)} passed on and stored (${first}), and read again (${second}): ` +
    `memory in use +${mebibytes(used)} at most, resident +${mebibytes(resident)}`
  )
}

async function killComputing(directory: string, rounds: number): Promise<string> {
  const requests = 200
  const { lost, answered, runs } = await killingRounds({ directory, rounds, requests })
  expectSound(join(directory, 'store'))
  return (
    `${rounds} rounds of ${requests} requests to two processes, the computing one killed: ${answered} complete answers ` +
    `by ${runs} runs of the handler, ${lost} connections lost with their process`
  )
}
