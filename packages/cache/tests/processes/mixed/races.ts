import { strictEqual } from 'node:assert'
import { checkStamped, FORMS, stamped } from '../stamped-value.ts'
import { type Invariant, PINNED } from './invariant.ts'

/** So long, in milliseconds, all workers race for the same key. */
const ROUND = 10

interface RaceReport {
  readonly won: number[]
  readonly tried: number[]
}

/** Of several processes that `add` the same key at the same time, exactly one gets `true`, and its value stays. */
export const races: Invariant<RaceReport> = {
  weight: 10,
  work: ({ cache, random, id }) => {
    const won: number[] = []
    const tried: number[] = []
    return {
      step: () => {
        const round = Math.floor(Date.now() / ROUND)
        if (tried.at(-1) === round) return
        tried.push(round)
        const key = `race:${round}`
        const value = stamped({ key, writer: id, sequence: round }, random.pick(FORMS), random)
        if (cache.add(key, value, PINNED)) won.push(round)
      },
      report: () => ({ won, tried }),
    }
  },
  verify: (cache, reports) => {
    const rounds = new Set(reports.flatMap(({ tried }) => tried))
    const winners = new Map(reports.flatMap(({ won }, id) => won.map((round) => [round, id] as const)))
    const wins = reports.reduce((sum, { won }) => sum + won.length, 0)
    strictEqual(wins, rounds.size, `${rounds.size} races have ${wins} winners`)
    for (const round of rounds) {
      const { writer } = checkStamped(`race:${round}`, cache.get(`race:${round}`))
      strictEqual(writer, winners.get(round), `race:${round} does not hold its winner's value`)
    }
    const contested = reports.reduce((sum, { tried }) => sum + tried.length, 0) / rounds.size
    return `${rounds.size} races of ${contested.toFixed(1)} processes with one winner each`
  },
}
