import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { HeaderValue } from '../http/fields/header-values.ts'
import type { ResponseHead } from '../http/fields/response-head.ts'

/** The head of a reply that is not sent: Fastify keeps its fields beside those of the raw response. */
export class ReplyHead implements ResponseHead {
  readonly #reply: FastifyReply

  constructor(reply: FastifyReply) {
    this.#reply = reply
  }

  get statusCode(): number {
    return this.#reply.statusCode
  }

  set statusCode(status: number) {
    this.#reply.code(status)
  }

  get statusMessage(): string {
    return this.#reply.raw.statusMessage
  }

  set statusMessage(message: string) {
    this.#reply.raw.statusMessage = message
  }

  getHeader(name: string): HeaderValue {
    return this.#reply.getHeader(name) as HeaderValue
  }

  hasHeader(name: string): boolean {
    return this.#reply.hasHeader(name)
  }

  setHeader(name: string, value: number | string | readonly string[]): void {
    this.#reply.header(name, value)
  }

  removeHeader(name: string): void {
    this.#reply.removeHeader(name)
    this.#reply.raw.removeHeader(name)
  }

  getHeaders(): OutgoingHttpHeaders {
    return this.#reply.getHeaders() as OutgoingHttpHeaders
  }

  getRawHeaderNames(): string[] {
    return Object.keys(this.#reply.getHeaders())
  }
}
