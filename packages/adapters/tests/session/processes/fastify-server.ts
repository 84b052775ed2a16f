/** The application in Fastify, whose sessions are in the directory that it is told. */
import { SessionStore } from '../../../src/session/index.ts'
import { makeFastifyApplication } from '../fastify-application.ts'

const app = await makeFastifyApplication(new SessionStore(process.argv[2]!, { storeTimeout: 20_000 }))
process.once('disconnect', () => process.exit())
process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }))
