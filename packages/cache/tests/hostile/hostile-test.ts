import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from 'vitest'
import type { Outcome } from './exercise.ts'
import { SECRET } from './file-cases.ts'

/** A directory to be made hostile, and another one, which must be the same after the test. */
export const hostileTest = base.extend<{ root: string; directory: string; outside: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest requires a destructured first argument
  root: async ({}, use) => {
    const root = mkdtempSync(join(tmpdir(), 'diskcache-hostile-'))
    await use(root)
    rmSync(root, { recursive: true, force: true })
  },
  directory: async ({ root }, use) => {
    const directory = join(root, 'cache')
    mkdirSync(directory)
    await use(directory)
  },
  outside: async ({ root }, use) => {
    const outside = join(root, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'precious'), SECRET)
    await use(outside)
    const left = readdirSync(outside, { recursive: true })
    expect(left).toContain('precious')
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe(SECRET)
  },
})

/** The paths below a directory with their lengths and times of change, to be compared later. */
export function snapshot(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()
  return names.map((name) => {
    const { size, mtimeMs, mode } = lstatSync(join(directory, name))
    return `${name} ${size} ${mode} ${mtimeMs}`
  })
}

/** Throws unless every operation ended within so many milliseconds, with a result or with an error that is documented. */
export function expectTyped(outcomes: readonly Outcome[], longest = 5_000): void {
  const bad = outcomes.filter((outcome) => outcome.ms > longest || !isTyped(outcome))
  if (bad.length > 0)
    throw new Error(`Slow, or an undocumented error: ${bad.map(describeOutcome).join('; ')}`)
}

function isTyped({ error }: Outcome): boolean {
  if (error === undefined || error.code !== undefined) return true
  const isMisuse = error.name === 'TypeError' || error.name === 'RangeError'
  // All messages of ours begin with "Cannot"; some of V8's do, too.
  return isMisuse && /^Cannot (?!read prop|convert|mix|set prop)/.test(error.message)
}

function describeOutcome({ operation, ms, error }: Outcome): string {
  const call = JSON.stringify(operation).slice(0, 60)
  const end = error === undefined ? 'a result' : `${error.name} ${error.code ?? ''} ${error.message}`
  return `${call}: ${end} after ${Math.round(ms)} ms`
}

/** How an operation ended: its error's code, or its result. */
export function endOf(outcomes: readonly Outcome[], member: string): unknown {
  const outcome = outcomes.find(({ operation }) => operation[0] === member)
  if (outcome === undefined) throw new Error(`${member} was not reached`)
  return outcome.error === undefined ? outcome.result : (outcome.error.code ?? outcome.error.name)
}
