import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ApplicationOptions, createApplication } from './application.ts'

export interface Serving extends AsyncDisposable {
  /** Such as `http://localhost:3000`. */
  readonly origin: string
  /** Lets the answers that are under way end, then closes the cache. */
  close(): Promise<void>
}

/** Starts the application on this machine alone. Port 0 is any that is free. */
export async function serve(port: number, options: ApplicationOptions): Promise<Serving> {
  const application = createApplication(options)
  const server = createServer(application.express)
  // A client that could ask again must not keep a server open that is to end.
  server.on('request', (_req, res) => {
    res.once('close', () => server.listening || server.closeIdleConnections())
  })
  const ended = Promise.withResolvers<void>()
  server.once('close', ended.resolve)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
  } catch (error) {
    await application.close()
    throw error
  }
  const close = async () => {
    server.close()
    server.closeIdleConnections()
    await ended.promise
    await application.close()
  }
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return { origin, close, [Symbol.asyncDispose]: close }
}
