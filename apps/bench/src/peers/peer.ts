/** A store that the benchmark knows how to open and use: one of ours, or one that people use instead. */
export interface Peer<S extends PeerCalls = PeerStore> {
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
  /** Instead of by `open`, it runs as this program, which obeys the commands that `storeService` does. */
  readonly program?: (place: Place) => Command
  /** Loads what it needs only now, so that the report can name the peers that are not installed. */
  open(place: Place): Promise<S>
}

export type ServerKind = 'redis' | 'memcached'

export type Command = readonly [program: string, ...args: string[]]

/** What a store gives beside speed; what is not `true` says in what way it is not given. */
export interface Guarantees {
  readonly expiry: true | string
  /** It can be told how many bytes it may use, and evicts to keep to it. */
  readonly sizeLimit: true | string
  /** Processes of one machine can share it. */
  readonly processes: true | string
  /** Entries are there again when everything has been restarted. */
  readonly kept: true | string
  /** No process that is killed takes finished writes with it, or leaves half of one. */
  readonly crashSafe: true | string
}

/**
 * Where a peer may keep its data: a directory, and the address of its server, `127.0.0.1:6379`; and how many bytes it is to
 * keep there at most, where it can be told.
 */
export interface Place {
  readonly directory: string
  readonly address?: string
  readonly sizeLimit?: number
}

export type Entry = readonly [key: string, value: string]

/** Members give a promise where the peer's own do; values in the order of the keys. `ttl` is in milliseconds. */
export interface PeerStore {
  get(key: string): unknown
  /** `false`, or a promise of it: not stored. */
  set(key: string, value: string): unknown
  setExpiring?(key: string, value: string, ttl: number): unknown
  incr?(key: string): unknown
  /** Lets an entry live longer, without its value. */
  touch?(key: string): unknown
  /** Takes a point of a rate limit; gives how many have been taken. */
  consume?(key: string): unknown
  getMany?(keys: readonly string[]): unknown
  setMany?(entries: readonly Entry[]): unknown
  close(): unknown
}

/** A store that may not even have entries. */
export type PeerCalls = Partial<PeerStore> & Pick<PeerStore, 'close'>

export type AnyPeer = Peer<PeerCalls>
