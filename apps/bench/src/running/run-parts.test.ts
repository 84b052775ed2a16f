import { expect, it } from 'vitest'
import { EXAMPLE_SECTION } from '../report/example-results.ts'
import type { Part, PartContext } from './part.ts'
import { runParts } from './run-parts.ts'

function part(name: string, run: (context: PartContext) => void): Part {
  return {
    name,
    minutes: 1,
    async run(context) {
      run(context)
      return EXAMPLE_SECTION
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
  const [failed, worked] = await runParts([failing, working], true, {
    progress: ({ name }, done, total, doing) => seen.push(`${name} ${done}/${total} ${doing}`),
    end: ({ name }, { error }) => seen.push(`${name} ${error ?? 'well'}`),
  })
  expect(failed).toMatchObject({ name: 'failing', error: 'no disk', skipped: [] })
  expect(failed?.section).toBeUndefined()
  expect(worked).toMatchObject({ name: 'working', section: { title: 'Reads' } })
  expect(worked?.skipped).toEqual([{ name: 'memcached', reason: 'not installed' }])
  expect(seen).toEqual(['failing no disk', 'working 1/2 quickly', 'working well'])
})
