/** A store that the benchmark knows how to open and use: one of ours, or one that people use instead. */
export interface Peer {
  /** As the tables show it. */
  readonly name: string
  readonly own?: boolean
  readonly guarantees: Guarantees
  /** What it is configured with, for the report. */
  readonly settings: string
  /** Whether several processes may use one store at once. */
  readonly shared: boolean
  /** The server that the harness has to start for it. */
  readonly server?: ServerKind
  /** Instead of by `open`, it runs as this program, which obeys the lines that `PeerService` does. */
  readonly program?: (place: Place) => Program
  /** Loads what it needs only now, so that the report can name the peers that are not installed. */
  open(place: Place): Promise<PeerStore>
}

export type ServerKind = 'redis' | 'memcached'

/** `true`, or in what way it is not given. */
export type Guarantee = true | string

export interface Guarantees {
  /** An entry can be given a time to live. */
  readonly expiry: Guarantee
  /** The store can be told how many bytes it may use, and evicts to keep to it. */
  readonly sizeLimit: Guarantee
  /** Processes of one machine can share a store. */
  readonly processes: Guarantee
  /** Entries are there again when everything has been restarted. */
  readonly kept: Guarantee
  /** No process that is killed takes finished writes with it, or leaves half of one. */
  readonly crashSafe: Guarantee
}

/** Where a peer may keep its data. */
export interface Place {
  readonly directory: string
  /** Of its server: `127.0.0.1:6379`. */
  readonly address?: string
}

export interface Program {
  readonly command: string
  readonly args: readonly string[]
}

export type Entry = readonly [key: string, value: string]

/** Members give a promise where the peer's own do. `ttl` is in milliseconds. */
export interface PeerStore {
  /** The value, or what the peer gives for a key that it has not. */
  get(key: string): unknown
  /** `false`, or a promise of it: not stored. */
  set(key: string, value: string): unknown
  setExpiring?(key: string, value: string, ttl: number): unknown
  delete(key: string): unknown
  /** The number that it is now. */
  incr?(key: string): unknown
  /** The values, in the order of the keys. */
  getMany?(keys: readonly string[]): unknown
  setMany?(entries: readonly Entry[]): unknown
  close(): unknown
}
