import type { ClientOptions } from '../own-client.ts'

/** Where a server is. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Who knows which server of a group is the primary. */
export interface PrimaryFinder {
  /** What a client for the primary is made with; `isDoubted`: the server that was named before is none. */
  find(isDoubted: boolean, signal: AbortSignal): Promise<ClientOptions>
  /** Calls `onSwitch` when another server has become the primary, perhaps several times; returns what ends that. */
  watch(onSwitch: (primary: Address) => void): () => void
}
