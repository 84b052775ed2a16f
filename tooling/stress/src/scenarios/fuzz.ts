import { join } from 'node:path'
import { codecTarget, encryptedTarget } from '../fuzz/codec-target.ts'
import { exchangeTarget } from '../fuzz/exchange-target.ts'
import { fuzzRun } from '../fuzz/fuzz-run.ts'
import type { FuzzTarget } from '../fuzz/fuzz-target.ts'
import { keyTarget } from '../fuzz/key-target.ts'
import { parserTarget } from '../fuzz/parser-target.ts'
import { rowTarget } from '../fuzz/row-target.ts'
import { schemaTarget } from '../fuzz/schema-target.ts'
import type { Scenario } from '../scenario.ts'

interface Target {
  readonly short: number
  readonly full: number
  open(directory: string): FuzzTarget
}

const TARGETS: Readonly<Record<string, Target>> = {
  values: { short: 100_000, full: 5_000_000, open: codecTarget },
  encrypted: { short: 50_000, full: 2_000_000, open: encryptedTarget },
  keys: { short: 100_000, full: 4_000_000, open: keyTarget },
  rows: { short: 2_000, full: 200_000, open: rowTarget },
  parsers: { short: 50_000, full: 2_000_000, open: parserTarget },
  exchanges: { short: 5_000, full: 1_000_000, open: exchangeTarget },
  schemas: { short: 200, full: 5_000, open: schemaTarget },
}

/**
 * Bytes of others at random, where they are taken in: no crash, no input that takes more than 100 ms, no error without a
 * code, and no growth.
 */
export const fuzz: Scenario = {
  name: 'fuzz',
  minutes: 120,
  async run({ directory, seed, short }) {
    const lines: string[] = []
    for (const [name, { open, ...inputs }] of Object.entries(TARGETS)) {
      using target = open(join(directory, name))
      lines.push(await fuzzRun(target, seed, short ? inputs.short : inputs.full))
    }
    return lines
  },
}
