/** Serves a directory as unstorage does over HTTP, and tells whoever started it on which port. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createStorage } from 'unstorage'
import { createStorageServer } from 'unstorage/server'
import { diskcacheDriver } from '../../../src/unstorage/index.ts'

const driver = diskcacheDriver(process.argv[2]!, { storeTimeout: 20_000 })
const storage = createStorage({ driver })
const server = createServer(createStorageServer(storage).handle).listen(0, '127.0.0.1')
await once(server, 'listening')
process.on('disconnect', async () => {
  server.closeAllConnections()
  server.close()
  await storage.dispose()
})
process.send?.((server.address() as AddressInfo).port)
