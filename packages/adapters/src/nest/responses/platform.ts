import type { ServerResponse } from 'node:http'
import type { NodeRequest } from '../../node/node-request.ts'

/** A request and its response, beneath what Express or Fastify make of them. */
export interface Platform {
  readonly req: NodeRequest
  readonly res: ServerResponse
  /** Whether the application trusts what the sender says of the client. */
  readonly isFromProxy: boolean
  /** Scheme and host, where the platform has a way of its own to find them. */
  readonly place: { readonly scheme: string; readonly host: string } | undefined
  /**
   * Puts the fields that the platform keeps to itself on the response, where the cache looks for them, and returns a
   * function that takes them off again.
   */
  showFields(): () => void
  /** Lets the ways in which the platform answers do nothing any more. */
  silence(): void
}
