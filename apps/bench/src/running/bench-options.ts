import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Only show that everything runs. */
  readonly quick: boolean
  /** Show every table, not only the goals. */
  readonly details: boolean
  /** Measure nothing, but write the page anew from the last results. */
  readonly render: boolean
  /** Names of parts; `undefined`: all. */
  readonly only: readonly string[] | undefined
}

/** Throws `TypeError` or `RangeError` for arguments that mean nothing, or name a part that is not among `names`. */
export function benchOptions(args: readonly string[], names: readonly string[]): BenchOptions {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args: [...args],
    options: { quick: flag, details: flag, render: flag, only: { type: 'string' } },
  })
  const only = values.only?.split(',').map((name) => name.trim())
  const unknown = only?.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new RangeError(`Cannot run the part "${unknown}": there are ${names.join(', ')}`)
  if (values.render && (values.quick || only !== undefined))
    throw new TypeError('Cannot render: it measures nothing, so that --quick and --only have no meaning')
  return { ...values, only }
}
