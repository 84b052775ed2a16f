/** Starts the shop: `node src/main.ts --port 3000 --directory .cache`. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createApplication } from './application.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    directory: { type: 'string', default: resolve(import.meta.dirname, '../.cache') },
  },
})

const app = await createApplication({ directory: values.directory })
const origin = await app.listen({ port: Number(values.port), host: '127.0.0.1' })
console.log(`Listening on ${origin}, the cache is at ${origin}/cache`)

// Once: a second signal ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)

async function stop(): Promise<void> {
  await app.close()
  console.log('Closed')
}
