/** An application with logins, whose sessions are in the directory that it is told. */
import { createServer } from 'node:http'
import { SessionStore } from '../../../src/session/index.ts'
import { listen, makeApplication } from '../application.ts'

const store = new SessionStore(process.argv[2]!, { storeTimeout: 20_000 })
process.once('disconnect', () => process.exit())
process.send?.(await listen(createServer(makeApplication(store))))
