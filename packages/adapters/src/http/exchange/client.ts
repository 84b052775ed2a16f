import type { Field } from '../fields/header-values.ts'
import type { ResponseHead } from '../fields/response-head.ts'

/** Who gets an answer. */
export interface Client {
  /** The head of the response. */
  readonly head: ResponseHead
  /** Whether the client has gone, and can take nothing any more. */
  readonly isGone: boolean
  /** Sends a part of the body, after the head. Returns whether more can be written at once. */
  write(chunk: Uint8Array): boolean
  /** Sends the last part, if any, and ends the answer. */
  end(chunk?: Uint8Array): void
  /** Breaks the answer off, so that the client knows that it is not complete. */
  destroy(): void
  /** Announces that these fields follow the body (RFC 9110, 6.5), before the head is sent. Returns whether they will. */
  trailers(fields: readonly Field[]): boolean
  /** Calls the listener when more can be written. */
  onDrain(listener: () => void): void
  /** Calls the listener when the client goes, and returns a function that takes it away again. */
  onGone(listener: () => void): () => void
  /** The bytes must arrive as they are: no middleware may compress them. */
  forbidCoding(): void
}
