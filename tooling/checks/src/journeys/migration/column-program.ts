import type { Call } from './call-table.ts'

/** What the programs begin with. Two results are the same when `structuredClone` gives the same of both. */
const PREAMBLE = `
import { isDeepStrictEqual as $isSame, inspect as $show } from 'node:util'
let $line = 0
const $fail = (text) => {
  console.error(\`line \${$line}: \${text}\`)
  process.exit(1)
}
process.on('uncaughtException', (error) => $fail(error.stack))
const $copy = (value) => (typeof value === 'object' ? structuredClone(value) : value)
const $gives = (result, expected) => {
  if (!$isSame($copy(result), $copy(expected))) $fail(\`\${$show(result)}, not \${$show(expected)}\`)
}
const $throws = async (body, name) => {
  const error = await body().then(() => undefined, (reason) => reason)
  if (error?.code !== name && error?.name !== name) $fail(\`\${$show(error)}, not \${name}\`)
}
`

/** One module that makes the calls in their order, after what is set up, and fails at the first that breaks its promise. */
export function columnProgram(calls: readonly Call[], setup = ''): string {
  return [PREAMBLE, setup, ...calls.map(statementOf), ''].join('\n')
}

function statementOf({ line, code, result, error }: Call): string {
  const statement =
    result !== undefined
      ? `$gives(await (${code}), ${result})`
      : error !== undefined
        ? `await $throws(async () => { await (${code}) }, '${error}')`
        : code
  return `;$line = ${line}\n${statement}`
}
