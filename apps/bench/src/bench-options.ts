import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly quick: boolean
  /** Names of parts; `undefined`: all. */
  readonly only: readonly string[] | undefined
  /** Where the report goes; `undefined`: the documentation for a full run of all parts, otherwise nowhere. */
  readonly output: string | undefined
  /** Measure nothing, but write the report anew from the last results. */
  readonly render: boolean
}

/** Throws `TypeError` or `RangeError` for arguments that mean nothing, or name a part that is not among `names`. */
export function benchOptions(args: readonly string[], names: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      output: { type: 'string' },
      render: { type: 'boolean', default: false },
    },
  })
  const only = values.only?.split(',').map((name) => name.trim())
  const unknown = only?.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new RangeError(`Cannot run the part "${unknown}": there are ${names.join(', ')}`)
  if (values.render && (values.quick || only !== undefined))
    throw new TypeError('Cannot render: it measures nothing, so that --quick and --only have no meaning')
  return { quick: values.quick, only, output: values.output, render: values.render }
}
