/** Starts the weather service: `node src/main.ts --port 3000 --directory .cache --trust-proxy`. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import { createApplication } from './application.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    directory: { type: 'string', default: resolve(import.meta.dirname, '../.cache') },
    'trust-proxy': { type: 'boolean', default: false },
  },
})

const { app, close } = createApplication({
  directory: values.directory,
  trustProxy: values['trust-proxy'],
})
const server = serve({ fetch: app.fetch, port: Number(values.port), hostname: '127.0.0.1' }, ({ port }) => {
  const origin = `http://127.0.0.1:${port}`
  console.log(`Listening on ${origin}, the cache is at ${origin}/cache`)
})

// Once: a second signal ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)

async function stop(): Promise<void> {
  await new Promise((resolve) => server.close(resolve))
  await close()
  console.log('Closed')
}
