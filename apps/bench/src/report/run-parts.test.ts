import { expect, it } from 'vitest'
import { exampleResult } from './example-results.ts'
import type { Part, PartContext } from './part.ts'
import { runParts, type Watcher } from './run-parts.ts'

function watcher(seen: string[]): Watcher {
  return {
    begin: ({ name }) => seen.push(`begin ${name}`),
    progress: (done, total, doing) => seen.push(`${done}/${total} ${doing}`),
    end: ({ name, error }) => seen.push(`end ${name} ${error ?? 'well'}`),
  }
}

function part(name: string, run: (context: PartContext) => void): Part {
  return {
    name,
    minutes: 1,
    async run(context) {
      run(context)
      const { section } = exampleResult()
      if (section === undefined) throw new Error('Cannot happen: the example has a section')
      return section
    },
  }
}

it('runParts() runs what comes after a part that failed, and says what was skipped', async () => {
  const seen: string[] = []
  const failing = part('failing', () => {
    throw new RangeError('no disk')
  })
  const working = part('working', ({ progress, skip, quick }) => {
    skip('memcached', 'not installed')
    progress(1, 2, quick ? 'quickly' : 'slowly')
  })
  const [failed, worked] = await runParts([failing, working], { quick: true }, watcher(seen))
  expect(failed).toMatchObject({ name: 'failing', error: 'no disk', skipped: [] })
  expect(failed?.section).toBeUndefined()
  expect(worked).toMatchObject({ name: 'working', quick: true, section: { title: 'Reads' } })
  expect(worked?.skipped).toEqual([{ name: 'memcached', reason: 'not installed' }])
  expect(seen).toEqual([
    'begin failing',
    'end failing no disk',
    'begin working',
    '1/2 quickly',
    'end working well',
  ])
})
