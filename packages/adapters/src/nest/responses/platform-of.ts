import type { ServerResponse } from 'node:http'
import type { NodeRequest } from '../../node/node-request.ts'
import { expressPlatform } from './express-platform.ts'
import { type FastifyReply, type FastifyRequest, fastifyPlatform } from './fastify-platform.ts'
import type { Platform } from './platform.ts'

/** Returns what lies beneath the request and the response of a handler of Nest. */
export function platformOf(request: unknown, response: unknown): Platform {
  const reply = response as Partial<FastifyReply>
  return reply.raw === undefined
    ? expressPlatform(request as NodeRequest, response as ServerResponse)
    : fastifyPlatform(request as FastifyRequest, response as FastifyReply)
}
