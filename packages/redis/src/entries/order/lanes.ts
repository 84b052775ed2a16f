/** One operation's place in the order. */
export class Place {
  #isLeft = false
  #finished: PromiseWithResolvers<void> | undefined

  /** Resolves when it is given up. */
  get finished(): Promise<void> {
    if (this.#isLeft) return Promise.resolve()
    this.#finished ??= Promise.withResolvers<void>()
    return this.#finished.promise
  }

  leave(): void {
    this.#isLeft = true
    this.#finished?.resolve()
  }
}

export type Access = 'read' | 'write'

interface Lane {
  write: Place | undefined
  reads: Place[]
}

/** An operation on keys. */
interface Entrant {
  readonly keys: readonly string[]
  readonly access: Access
  readonly place: Place
}

/** What an operation has to wait for before it may begin. */
export type Predecessors = readonly Place[]

const NOTHING: Predecessors = []

/**
 * The order of operations issued in one process. One that concerns keys comes after earlier writes of them, and a write
 * also after earlier reads of its keys; one that concerns everything comes after all earlier writes, and when it writes,
 * after all earlier ones; all later ones come after its beginning. Nothing is kept for a key that nobody uses.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>()
  /** The only operation on keys, which has no lanes as long as it is alone: most are. */
  #lone: Entrant | undefined
  /** Those of everything. */
  readonly #ofAll = new Map<Place, Access>()
  /** The beginning of an operation that writes everything, when one waits for it. */
  #barrier: Place | undefined

  /** Keys may occur several times. */
  enter(keys: readonly string[], access: Access, place: Place): Predecessors {
    if (this.#barrier === undefined && this.#lone === undefined && this.#lanes.size === 0) {
      this.#lone = { keys, access, place }
      return NOTHING
    }
    this.#openLanes()
    const predecessors: Place[] = this.#barrier === undefined ? [] : [this.#barrier]
    for (const key of keys) this.#enterLane(key, access, place, predecessors)
    return predecessors
  }

  /** Whether an operation on the key would have nothing to wait for. */
  isFree(key: string): boolean {
    return this.#barrier === undefined && !this.#lanes.has(key) && !this.#lone?.keys.includes(key)
  }

  /** Whether an operation on the key, or on all, is one that writes. */
  hasWrite(key: string): boolean {
    if (this.#barrier !== undefined) return true
    const lone = this.#lone
    if (lone !== undefined) return lone.access === 'write' && lone.keys.includes(key)
    return this.#lanes.get(key)?.write !== undefined
  }

  /** Whether nothing that has to come after it was issued on its key. */
  isLast(key: string, place: Place): boolean {
    this.#openLanes()
    const lane = this.#lanes.get(key)
    return lane?.write === place && lane.reads.length === 0 && this.#barrier === undefined
  }

  readAll(place: Place): Predecessors {
    const predecessors = this.#pending('write')
    this.#ofAll.set(place, 'read')
    return predecessors
  }

  /** Those who come later wait until `beginning` is given up. */
  writeAll(place: Place, beginning: Place): Predecessors {
    const predecessors = [...this.#pending('write'), ...this.#pending('read')]
    this.#ofAll.set(place, 'write')
    this.#barrier = beginning
    return predecessors
  }

  begin(beginning: Place): void {
    if (this.#barrier === beginning) this.#barrier = undefined
    beginning.leave()
  }

  leave(keys: readonly string[], place: Place): void {
    if (this.#lone?.place === place) this.#lone = undefined
    else for (const key of keys) this.#leaveLane(key, place)
    this.#ofAll.delete(place)
    place.leave()
  }

  /** All that have begun, or wait for it, with this access. */
  #pending(access: Access): Place[] {
    this.#openLanes()
    const places = new Set<Place>()
    for (const [place, other] of this.#ofAll) if (other === access) places.add(place)
    for (const { write, reads } of this.#lanes.values()) {
      if (access === 'read') for (const read of reads) places.add(read)
      else if (write !== undefined) places.add(write)
    }
    return [...places]
  }

  #openLanes(): void {
    const lone = this.#lone
    if (lone === undefined) return
    this.#lone = undefined
    for (const key of lone.keys) this.#enterLane(key, lone.access, lone.place, [])
  }

  #enterLane(key: string, access: Access, place: Place, predecessors: Place[]): void {
    const lane = this.#lanes.get(key)
    if (lane === undefined) {
      const isWrite = access === 'write'
      this.#lanes.set(key, isWrite ? { write: place, reads: [] } : { write: undefined, reads: [place] })
      return
    }
    if (lane.write === place) return
    if (lane.write !== undefined) predecessors.push(lane.write)
    if (access === 'read') return void lane.reads.push(place)
    predecessors.push(...lane.reads)
    lane.write = place
    lane.reads = []
  }

  #leaveLane(key: string, place: Place): void {
    const lane = this.#lanes.get(key)
    if (lane === undefined) return
    if (lane.write === place) lane.write = undefined
    else if (lane.reads.length > 0) lane.reads = lane.reads.filter((read) => read !== place)
    if (lane.write === undefined && lane.reads.length === 0) this.#lanes.delete(key)
  }
}
