import { checkOptions, checkString } from './argument-check.ts'

/** Returns the prefix of options that have nothing else; throws `TypeError` that names what is unknown or illegal. */
export function prefixOption(
  method: string,
  options: { prefix?: string | undefined } = {},
): string | undefined {
  checkOptions(`the options of ${method}`, options, ['prefix'])
  return options.prefix === undefined ? undefined : checkString('prefix', options.prefix)
}
