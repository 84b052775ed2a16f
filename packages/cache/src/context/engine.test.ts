import { expect, test } from 'vitest'
import { checkNodeVersion } from './engine.ts'

test.each(['20.20.2', '22.13.1', '18.0.0'])(
  'checkNodeVersion() explains that Node %s is too old',
  (version) => {
    expect(() => checkNodeVersion(version)).toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_ENGINE', message: expect.stringContaining('22.14') }),
    )
  },
)

test.each(['22.14.0', '23.0.0', '24.1.0'])('checkNodeVersion() accepts Node %s', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow()
})
