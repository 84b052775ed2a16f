import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Trace, traceOf } from './trace.ts'

/** The most requests that are taken of one file. */
const MOST_REQUESTS = 1_500_000

/** The longest file, decompressed, in bytes. */
const MOST_BYTES = 2 ** 28

type Parse = (bytes: Buffer) => (string | number)[]

interface TraceFile {
  readonly group: string
  readonly parse: Parse
  /** Returns the bytes of the value of each request. */
  readonly bytes?: (file: Buffer) => string[]
}

const numbersInText: Parse = (bytes) => bytes.toString('latin1').match(/\b\d+\b/g) ?? []

/** Returns the parser of a column of a text. */
function column(index: number) {
  return (bytes: Buffer): string[] =>
    bytes
      .toString('latin1')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[index] ?? '')
}

/** Returns a parser of records of so many bytes. */
function records(bytes: number, read: (from: Buffer, at: number) => string | number): Parse {
  return (from) => Array.from({ length: Math.floor(from.length / bytes) }, (_, i) => read(from, i * bytes))
}

const bigEndian = records(4, (from, at) => from.readUInt32BE(at))
const littleEndian = records(4, (from, at) => from.readUInt32LE(at))
const long = records(8, (from, at) => String(from.readBigUInt64BE(at)))

/** The files that Caffeine's simulator ships (https://github.com/ben-manes/caffeine/wiki/Simulator), by name. */
const FILES: Readonly<Record<string, TraceFile>> = {
  ...Object.fromEntries(
    ['2_pools', 'cpp', 'cs', 'gli', 'ps', 'multi1', 'multi2', 'multi3', 'sprite'].map((name) => {
      return [name, { group: 'LIRS', parse: numbersInText }]
    }),
  ),
  web07: { group: 'web shop', parse: bigEndian },
  web12: { group: 'web shop', parse: bigEndian },
  'orm-busy': { group: 'ORM', parse: bigEndian },
  'orm-night': { group: 'ORM', parse: bigEndian },
  request: { group: 'content delivery', parse: column(1), bytes: column(2) },
  'scarab-recs': { group: 'recommender', parse: long },
  w106: { group: 'disk', parse: littleEndian },
}

/** Reads the traces of a folder one after the other: files `NAME.trace.gz` or `NAME.trace.xz`, those that there are. */
export function* tracesIn(folder: string): Generator<Trace, undefined> {
  for (const [name, { group, parse, bytes }] of Object.entries(FILES)) {
    const file = decompressed(join(folder, `${name}.trace`))
    if (file === undefined) continue
    const trace = traceOf(name, group, parse(file).slice(0, MOST_REQUESTS))
    yield bytes === undefined ? trace : { ...trace, bytes: bytesOfKeys(trace, bytes(file)) }
  }
}

function bytesOfKeys({ requests }: Trace, bytes: readonly string[]): number[] {
  const ofKeys: number[] = []
  for (const [i, key] of requests.entries()) ofKeys[key] = Math.max(1, Number(bytes[i]))
  return ofKeys
}

function decompressed(file: string): Buffer | undefined {
  if (existsSync(`${file}.gz`)) return gunzipSync(readFileSync(`${file}.gz`))
  if (!existsSync(`${file}.xz`)) return undefined
  return execFileSync('xz', ['-dc', `${file}.xz`], { maxBuffer: MOST_BYTES })
}
