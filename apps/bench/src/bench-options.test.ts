import { describe, expect, it } from 'vitest'
import { benchOptions } from './bench-options.ts'

const NAMES = ['operations', 'core']

describe('benchOptions()', () => {
  it('runs everything when it is told nothing', () => {
    expect(benchOptions([], NAMES)).toEqual({
      quick: false,
      only: undefined,
      output: undefined,
      render: false,
    })
  })

  it('takes parts, a directory and speed', () => {
    const options = benchOptions(['--only', 'core, operations', '--quick', '--output', 'here'], NAMES)
    expect(options).toEqual({ quick: true, only: ['core', 'operations'], output: 'here', render: false })
  })

  it('names the parts that there are, for one that is not among them', () => {
    expect(() => benchOptions(['--only', 'core,cores'], NAMES)).toThrow(
      new RangeError('Cannot run the part "cores": there are operations, core'),
    )
  })

  it('refuses options that it does not know, and measuring while it renders', () => {
    expect(() => benchOptions(['--fast'], NAMES)).toThrow(TypeError)
    expect(() => benchOptions(['--render', '--quick'], NAMES)).toThrow(/Cannot render/)
    expect(() => benchOptions(['--render', '--only', 'core'], NAMES)).toThrow(/Cannot render/)
  })
})
