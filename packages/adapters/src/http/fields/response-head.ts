import type { OutgoingHttpHeaders } from 'node:http'
import type { HeaderValue } from './header-values.ts'

/** The head of a response, which may be changed until it is sent: that part of `ServerResponse`. */
export interface ResponseHead {
  /** The status code. */
  statusCode: number
  /** The reason phrase; `''` for that of the status code. */
  statusMessage: string
  /** Returns the value of a field; `undefined` when it is not set. */
  getHeader(name: string): HeaderValue
  /** Returns whether a field is set. */
  hasHeader(name: string): boolean
  /** Sets a field, in place of what it was. */
  setHeader(name: string, value: number | string | readonly string[]): unknown
  /**
   * Does what `fill` does, which sets fields, the same ones for one `key`: a head without fields may know them from the last
   * time. Without this, `fill` is called.
   */
  fillAs?(key: object, fill: () => void): void
  /** Takes a field away. */
  removeHeader(name: string): void
  /** Returns the fields, with names in lower case, in an object that does not change with the head. */
  getHeaders(): OutgoingHttpHeaders
  /** The names as they were written. */
  getRawHeaderNames(): string[]
}
