import { afterAll, describe, expect } from 'vitest'
import { SECRET } from '../../cache/tests/hostile/file-cases.ts'
import { snapshot, hostileTest as test } from '../../cache/tests/hostile/hostile-test.ts'
import { HOSTILE_DIRECTORIES } from './hostile/hostile-directories.ts'
import { Opener } from './hostile/opener.ts'

const opener = new Opener()

afterAll(() => opener[Symbol.dispose]())

describe.skipIf(process.platform === 'win32')('A hostile directory opens, or is refused with a code:', () => {
  test('there are at least sixty', () => {
    expect(HOSTILE_DIRECTORIES.length).toBeGreaterThan(60)
  })

  test.for(HOSTILE_DIRECTORIES)('$kind, $what', async ({ kind, make }, { directory, outside }) => {
    make(directory, outside)
    const before = snapshot(outside)
    const { end, said } = await opener.open({ kind, directory })
    expect(end).toMatch(/^(works|ERR_DISKCACHE_\w+)$/)
    expect(said).not.toContain(SECRET.slice(0, 10))
    expect(snapshot(outside)).toEqual(before)
  })
})
