import { expect, it } from 'vitest'
import { benchOptions } from './bench-options.ts'

const NAMES = ['operations', 'peers']
const NOTHING = { quick: false, details: false, render: false, only: undefined }

it('benchOptions() takes parts, speed and details, and runs everything when it is told nothing', () => {
  expect(benchOptions([], NAMES)).toEqual(NOTHING)
  const options = benchOptions(['--only', 'peers, operations', '--quick', '--details'], NAMES)
  expect(options).toEqual({ ...NOTHING, quick: true, details: true, only: ['peers', 'operations'] })
})

it('benchOptions() names the parts that there are, for one that is not among them', () => {
  const error = new RangeError('Cannot run the part "pears": there are operations, peers')
  expect(() => benchOptions(['--only', 'peers,pears'], NAMES)).toThrow(error)
})

it('benchOptions() refuses options that it does not know, and measuring while it renders', () => {
  expect(() => benchOptions(['--fast'], NAMES)).toThrow(TypeError)
  expect(() => benchOptions(['--render', '--quick'], NAMES)).toThrow(/Cannot render/)
  expect(() => benchOptions(['--render', '--only', 'peers'], NAMES)).toThrow(/Cannot render/)
})
