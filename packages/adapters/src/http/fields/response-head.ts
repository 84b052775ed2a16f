import type { OutgoingHttpHeaders } from 'node:http'
import type { HeaderValue } from './header-values.ts'

/** The head of a response, which may be changed until it is sent: that part of `ServerResponse`. */
export interface ResponseHead {
  statusCode: number
  /** The reason phrase; `''` for that of the status code. */
  statusMessage: string
  getHeader(name: string): HeaderValue
  hasHeader(name: string): boolean
  setHeader(name: string, value: number | string | readonly string[]): unknown
  removeHeader(name: string): void
  /** The fields, with names in lower case. */
  getHeaders(): OutgoingHttpHeaders
  /** The names as they were written. */
  getRawHeaderNames(): string[]
}
