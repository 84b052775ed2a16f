import { expect, test } from 'vitest'
import { PHASES, type Phase } from './tap-phases.ts'

/** The phases that a response comes through, from the first. */
function life(): Phase[] {
  const phases: Phase[] = ['headless']
  for (let at = 0; at < 5; at++) phases.push(PHASES[phases.at(-1)!].next)
  return phases
}

test('PHASES lead from no head over the end to where nothing changes any more', () => {
  expect(life()).toEqual(['headless', 'open', 'ended', 'finished', 'finished', 'finished'])
  expect(new Set(life())).toEqual(new Set(Object.keys(PHASES)))
})

test('PHASES take one head, the body until the end, and a client that leaves before it', () => {
  const taking = (call: 'writeHead' | 'write' | 'end' | 'close') =>
    Object.entries(PHASES).flatMap(([phase, row]) => (row[call] === 'take' ? [phase] : []))
  expect(taking('writeHead')).toEqual(['headless'])
  for (const call of ['write', 'end', 'close'] as const) expect(taking(call)).toEqual(['headless', 'open'])
})

test('PHASES drop what a handler adds to its end while Node does not know of it', () => {
  const { writeHead, write, end, close } = PHASES.ended
  expect([writeHead, write, end, close]).toEqual(['pass', 'drop', 'drop', 'pass'])
})
