import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Serves a folder as the plainest of servers do: files, and `index.html` for folders. */
export class StaticServer implements AsyncDisposable {
  readonly origin: string
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    this.origin = `http://localhost:${(server.address() as AddressInfo).port}`
  }

  static async start(folder: string): Promise<StaticServer> {
    const server = createServer(({ url = '/' }, response) => {
      const file = fileAt(join(folder, decodeURI(new URL(url, 'http://localhost').pathname)))
      if (!file) return void response.writeHead(404).end()
      response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' })
      response.end(readFileSync(file))
    })
    await once(server.listen(0, 'localhost'), 'listening')
    return new StaticServer(server)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((settle) => this.#server.close(settle))
  }
}

function fileAt(path: string): string | undefined {
  const file = path.endsWith('/') ? join(path, 'index.html') : path
  return existsSync(file) && statSync(file).isFile() ? file : undefined
}
