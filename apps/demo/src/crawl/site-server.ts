/** Serves the website, in a process of its own. Argument: the directory with the packages that it is about. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runWorker } from '../worker.ts'
import { findDocumentedPackages } from './documented-package.ts'
import { makeSite } from './site.ts'
import { type Reachable, walkSite } from './walk-site.ts'

/** Enough for a few hundred pages. */
const MOST_PACKAGES = 120

/** How long an answer takes, in milliseconds, so that crawlers have pages in hand most of the time. */
const LATENCY = 20

/** What the server says once, when it listens. */
export interface Opening extends Reachable {
  readonly port: number
}

/** How often each path was asked for, which the server says when it gets a message. */
export type Requests = Readonly<Record<string, number>>

await runWorker<Opening | Requests>(async ([directory], report) => {
  const site = makeSite(findDocumentedPackages(directory!, MOST_PACKAGES))
  const requests: Record<string, number> = {}
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url!, 'http://localhost')
    requests[pathname] = (requests[pathname] ?? 0) + 1
    setTimeout(() => answer(response, site.get(pathname)), LATENCY)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.on('message', () => report(requests))
  const { port } = server.address() as AddressInfo
  await report({ port, ...walkSite(site) })
  await once(server, 'close')
})

function answer(response: ServerResponse, html: string | undefined): void {
  response.writeHead(html === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(html ?? '<!doctype html><title>Not found</title>')
}
