/** Starts the shop: `node src/main.ts --port 3000 --directory .cache --query-time 300`. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { serve } from './serve.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    directory: { type: 'string', default: resolve(import.meta.dirname, '../.cache') },
    'query-time': { type: 'string', default: '300' },
  },
})

const serving = await serve(numberOf('port'), {
  directory: values.directory,
  queryTime: numberOf('query-time'),
})
console.log(`Listening on ${serving.origin}, the cache is at ${serving.origin}/cache`)

// Once: a second signal ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)

async function stop(): Promise<void> {
  await serving.close()
  console.log('Closed')
}

function numberOf(name: 'port' | 'query-time'): number {
  const number = Number(values[name])
  if (Number.isInteger(number) && number >= 0) return number
  throw new TypeError(`Cannot use --${name}: expected a whole number, got '${values[name]}'`)
}
