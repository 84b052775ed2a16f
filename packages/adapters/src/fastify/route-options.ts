import { checkChoice } from '@diskcache/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RouteOptions } from '../http/http-cache.ts'

const HOOKS = ['onRequest', 'preValidation', 'preHandler'] as const

/** A hook of Fastify that may answer a request. */
export type CacheHook = (typeof HOOKS)[number]

/** The options that a route may have of its own; those that it leaves out are the plugin's. */
export interface CacheRouteOptions extends RouteOptions<FastifyRequest, FastifyReply> {
  /** Where requests are answered from the cache: after the hooks of that name; by default where the plugin says. */
  readonly hook?: CacheHook | undefined
}

/**
 * Returns the name of a hook.
 *
 * @throws RangeError for another
 */
export function checkHook(hook: unknown): CacheHook {
  return checkChoice('hook', hook, HOOKS)
}
