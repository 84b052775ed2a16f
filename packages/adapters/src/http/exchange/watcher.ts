import type { Field } from '../fields/header-values.ts'
import type { Client } from './client.ts'

/** What the client gets: what the application sends, its head alone, or after the head what the watcher sends instead. */
export type Decision = 'pass' | 'head' | Replacement

/** What is sent in the place of the application's body. */
export interface Replacement {
  /** Called when the head, as it stands on the response by then, is sent. */
  readonly replace: () => void
}

/** Sees what the application answers. Nothing here may throw. */
export interface Watcher {
  /** Whether the answer is wanted also when the client has gone. */
  readonly wantsRest: boolean
  /** Calls the listener when the rest may be wanted no more, since those who waited for it have left. */
  onUnwanted(listener: () => void): void
  /** Whether the body is of interest. */
  readonly wantsBody: boolean
  /** The head is complete, and about to be sent. The watcher may still change it. `client` is behind the watcher. */
  head(client: Client): Decision
  /** The head is sent. Middleware before the cache may have changed it still. */
  sent(): void
  /** More of the body. Resolves when more can be taken; `undefined`: at once. */
  data(chunk: Uint8Array): Promise<void> | undefined
  /** These fields will follow the body (RFC 9110, 6.5). */
  trailers(fields: readonly Field[]): void
  /** The client has taken nothing for a while, and may do so on purpose. The body comes no faster than the client takes it. */
  heldUp(): void
  /** The answer is complete. The end is held back from the client until the promise, if any, resolves. */
  end(): Promise<void> | undefined
  /**
   * The answer will not be complete: the client has gone, or the head was not taken. An application may go on all the same:
   * then head and end are told as ever, and none of the body between.
   */
  abort(): void
  /** The answer cannot be watched, for this reason: nothing of it will be stored. */
  fail(error: unknown): void
}
