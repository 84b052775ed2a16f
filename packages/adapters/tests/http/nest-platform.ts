import type { ServerResponse } from 'node:http'
import { All, Controller, type INestApplication, Module, Req, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { CachedResponse, DiskCacheModule } from '../../src/nest/index.ts'
import { decorate, decorateParameter } from '../nest/decorate.ts'
import { ask } from './http-client.ts'
import type { Given, OriginRequest, Platform, Reply } from './platform.ts'

export type NestKind = 'Express' | 'Fastify'

/** Nest on one of its platforms, with the cache on a route for everything. */
export function nest(kind: NestKind): Platform {
  return {
    name: `Nest on ${kind}`,
    isSampled: kind === 'Express',
    half: 'even',
    // Fastify takes none that it has not been told of.
    lacks: kind === 'Fastify' ? ['LINK'] : [],
    start: async (given) => {
      const application = await newNest(kind, given)
      await application.listen(0, '127.0.0.1')
      const origin = (await application.getUrl()).replace('[::1]', '127.0.0.1')
      return {
        ask: (path, options) => ask(origin + path, options),
        [Symbol.asyncDispose]: () => application.close(),
      }
    },
  }
}

/** Returns an application that does not listen yet. `trustsProxy`: whether any sender may say who the client is. */
export async function newNest(
  kind: NestKind,
  { store, options, reply }: Given,
  trustsProxy = false,
): Promise<INestApplication> {
  class Pages {
    async page(request: OriginRequest, response: ServerResponse & FastifyReply): Promise<void> {
      const answer = kind === 'Express' ? sendByExpress : sendByFastify
      answer(response, await reply(request))
    }
  }
  decorate(Pages.prototype, 'page', All(kind === 'Express' ? ['', '*path'] : '*'), CachedResponse())
  decorateParameter(Pages.prototype, 'page', 0, Req())
  decorateParameter(Pages.prototype, 'page', 1, Res())
  Controller()(Pages)
  class Application {}
  Module({ imports: [DiskCacheModule.forRoot({ store, responses: options })], controllers: [Pages] })(
    Application,
  )
  const express = new ExpressAdapter()
  express.set('trust proxy', trustsProxy)
  const adapter = kind === 'Express' ? express : new FastifyAdapter({ trustProxy: trustsProxy })
  return NestFactory.create(Application, adapter, { logger: false, forceCloseConnections: true })
}

interface FastifyReply {
  code(status: number): this
  headers(fields: object): this
  send(body?: string): unknown
}

function sendByExpress(res: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value as string)
  res.statusCode = status
  res.end(body)
}

function sendByFastify(reply: FastifyReply, { status = 200, headers = {}, body }: Reply): void {
  reply.code(status).headers(headers).send(body)
}
