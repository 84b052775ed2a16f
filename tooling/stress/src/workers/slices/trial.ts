/** One way to call a member of a promise face, on a store with many entries. */
export interface Trial<Store, Face> {
  /** Why it may keep the event loop busy for long. */
  readonly exempt?: string
  /** Prepares the full store, and what the call needs, and returns the call. Only that counts. */
  readonly begin: (store: Store, size: number) => (face: Face) => Promise<unknown>
}

/** Makes a trial that needs no preparation. */
export function plain<Store, Face>(
  call: (face: Face, size: number) => Promise<unknown>,
  exempt?: string,
): Trial<Store, Face> {
  return { begin: (_, size) => (face) => call(face, size), ...(exempt !== undefined && { exempt }) }
}

/** Makes a trial whose call needs something that takes a while to make. */
export function given<Store, Face, T>(
  make: (size: number) => T,
  call: (face: Face, made: T) => Promise<unknown>,
  exempt?: string,
): Trial<Store, Face> {
  const begin = (_: Store, size: number) => {
    const made = make(size)
    return (face: Face) => call(face, made)
  }
  return { begin, ...(exempt !== undefined && { exempt }) }
}

/** Makes a trial before which the store is changed. */
export function after<Store, Face>(
  change: (store: Store) => void,
  call: (face: Face) => Promise<unknown>,
): Trial<Store, Face> {
  return {
    begin: (store) => {
      change(store)
      return call
    },
  }
}

/** Trials by their names, which begin with the name of the member. */
export type Trials<Store, Face> = Readonly<Record<string, Trial<Store, Face>>>

/** A store of some kind, its promise face, and the trials of that. */
export interface TrialKind<Store extends Disposable, Face> {
  open(directory: string): Store
  faceOf(store: Store): Face
  /** Gives an empty store so many entries. */
  fill(store: Store, size: number): void
  /** Removes all entries, and what a trial has set. */
  clear(store: Store): void
  countOf(store: Store): number
  readonly trials: Trials<Store, Face>
  /** Members that are tried nowhere, by what they are. */
  readonly untried: Readonly<Record<string, string>>
}

/** Reads a sequence to its end. */
export async function drain(sequence: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of sequence);
}

/** Throws unless every method of the face has a trial, or is named among those that need none. */
export function expectAllTried<Store extends Disposable, Face extends object>(
  { trials, untried }: Pick<TrialKind<Store, Face>, 'trials' | 'untried'>,
  face: Face,
): void {
  const tried = new Set([...Object.keys(trials).map((name) => name.split(' ')[0]), ...Object.keys(untried)])
  const missing = methodsOf(face).filter((name) => !tried.has(name))
  if (missing.length > 0) throw new Error(`There is no trial of ${missing.join(', ')}`)
}

function methodsOf(face: object): string[] {
  const prototype = Object.getPrototypeOf(face)
  return Reflect.ownKeys(prototype)
    .filter((key) => typeof Object.getOwnPropertyDescriptor(prototype, key)?.value === 'function')
    .map((key) => (typeof key === 'symbol' ? (key.description ?? '') : key))
    .filter((name) => name !== 'constructor')
}
