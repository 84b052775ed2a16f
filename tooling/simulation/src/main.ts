/** Prints what caches of several sizes and policies would have answered of recorded requests. See README.md. */
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { readRecording } from './recording.ts'
import { allBytes, type Outcome, simulate } from './simulate.ts'

const MEBIBYTE = 2 ** 20

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { sizes: { type: 'string' }, json: { type: 'boolean' } },
  })
  const [file] = positionals
  if (file === undefined || positionals.length > 1)
    throw new TypeError('usage: simulate FILE [--sizes MEBIBYTES,…] [--json]')
  const recording = readRecording(file)
  const outcomes = simulate(recording, values.sizes === undefined ? undefined : sizesIn(values.sizes))
  if (values.json === true) console.log(JSON.stringify(outcomes))
  else {
    const { requests, takes, rate } = recording
    console.log(
      `${requests.length} requests for ${takes.length} keys, a sample of ${rate}; all would take ${mebibytes(allBytes(recording))} MiB`,
    )
    console.log(tableOf(outcomes))
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 2
}

function sizesIn(text: string): number[] {
  return text.split(',').map((size) => {
    const mebibytes = Number(size)
    if (!(mebibytes > 0)) throw new RangeError(`Cannot simulate: --sizes has ${size}, which is no size`)
    return mebibytes * MEBIBYTE
  })
}

/** Makes a table with a row for each size, and for each policy the hits of requests and, in brackets, of bytes. */
function tableOf(outcomes: readonly Outcome[]): string {
  const policies = [...new Set(outcomes.map(({ policy }) => policy))]
  const table = new Table({
    head: ['MiB', ...policies],
    colAligns: ['right', ...policies.map(() => 'right' as const)],
    style: { head: [], border: [] },
  })
  for (const [size, some] of Map.groupBy(outcomes, ({ size }) => size))
    table.push([
      mebibytes(size),
      ...some.map(({ hits, bytes }) => `${percent(hits)} % (${percent(bytes)} %)`),
    ])
  return table.toString()
}

function mebibytes(bytes: number): string {
  return (bytes / MEBIBYTE).toFixed(1)
}

function percent(part: number): string {
  return (100 * part).toFixed(1)
}
