/**
 * One store, server or crowd in a process of its own: `worker.ts KIND SETTINGS`, the settings as JSON. Reads lines such as
 * `["time", "get", 1000]`, a command and its arguments, and answers each with a line of JSON; `{ "error": … }` when it
 * cannot be done. The process ends with its input.
 */
import { createInterface } from 'node:readline'
import type { Service, ServiceKind } from './service.ts'

const OPENERS: Record<ServiceKind, (settings: never) => Promise<Service>> = {
  store: async (settings) => (await import('./store-service.ts')).storeService(settings),
  loop: async (settings) => (await import('./loop-service.ts')).loopService(settings),
  crowd: async (settings) => (await import('./crowd-service.ts')).crowdService(settings),
  route: async (settings) => (await import('./routes/route-service.ts')).routeService(settings),
  door: async (settings) => (await import('./routes/door-service.ts')).doorService(settings),
  writer: async (settings) => (await import('./writer-service.ts')).writerService(settings),
  absent: async (settings) => (await import('./absent/absent-service.ts')).absentService(settings),
  press: async () => (await import('./routes/press-service.ts')).PRESS_SERVICE,
}

const [kind, settings] = process.argv.slice(2) as [ServiceKind, string]
// Not before somebody listens: what it reads until then is lost.
const lines = () => createInterface({ input: process.stdin })
// What stores say on their own must not be taken for answers.
console.log = console.info = () => {}

try {
  const service = await OPENERS[kind](JSON.parse(settings) as never)
  for await (const line of lines()) await answer(service, line).then(reply, refuse)
  await service.close?.()
} catch (error) {
  for await (const _ of lines()) refuse(error)
}
// A store may have left a timer or a connection.
process.exit()

async function answer({ commands }: Service, line: string): Promise<unknown> {
  const [name, ...args] = JSON.parse(line) as [string, ...never[]]
  const command = commands[name]
  if (command === undefined) throw new RangeError(`Cannot obey ${name}: there is no such command`)
  return command(...args)
}

function reply(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer ?? null)}\n`)
}

function refuse(error: unknown): void {
  reply({ error: error instanceof Error ? error.message : String(error) })
}
