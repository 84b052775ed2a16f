import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** Stands in for an API that refuses whoever asks more than 15 times within half a second. */
const moments: number[] = []
const api = createServer((_request, response) => {
  const now = performance.now()
  const isTooMuch = moments.filter((moment) => now - moment < 500).length >= 15
  if (!isTooMuch) moments.push(now)
  response.writeHead(isTooMuch ? 429 : 200).end()
})
api.listen(0, '127.0.0.1')
await once(api, 'listening')

const address = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
const clients = Array.from({ length: 3 }, () => fork(join(import.meta.dirname, 'client.ts'), [address]))
let answered = 0
let refused = 0
for (const client of clients)
  client.on('message', (status) => {
    if (status === 200) answered++
    else refused++
  })
await Promise.all(clients.map((client) => once(client, 'exit')))

console.log('answered:', answered)
console.log('refused:', refused)
api.close()
api.closeAllConnections()
