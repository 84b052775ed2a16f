/**
 * One peer in a process of its own: `peer-worker.ts NAME PLACE`, the place as JSON. Reads the lines of `PeerService`
 * and answers each with a line of JSON; `{ "error": … }` when it cannot be done.
 */
import { createInterface } from 'node:readline'
import { ALL_PEERS } from './all-peers.ts'
import type { Place } from './peer.ts'
import { PeerService } from './peer-service.ts'

const [name, place] = process.argv.slice(2) as [string, string]
// What peers say on their own must not be taken for answers.
console.log = console.info = () => {}

function reply(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer ?? null)}\n`)
}

function refuse(error: unknown): void {
  reply({ error: error instanceof Error ? error.message : String(error) })
}

try {
  const peer = ALL_PEERS.find((one) => one.name === name)
  if (peer === undefined) throw new RangeError(`there is no peer ${name}`)
  const store = await peer.open(JSON.parse(place) as Place)
  const service = new PeerService(store)
  for await (const line of createInterface({ input: process.stdin }))
    await service.answer(line).then(reply, refuse)
  await store.close()
} catch (error) {
  for await (const _ of createInterface({ input: process.stdin })) refuse(error)
}
// A peer may have left a timer or a connection.
process.exit()
