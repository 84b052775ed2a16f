const METHODS = [
  'get',
  'getMany',
  'has',
  'hasMany',
  'set',
  'setMany',
  'delete',
  'deleteMany',
  'clear',
  'disconnect',
  'iterator',
] as const

/** How Keyv 6 may call a method of a store. */
interface Method {
  exists: boolean
  methodType: 'sync' | 'async' | 'none'
}

/** What Keyv 6 wants to know of a store. */
export interface StorageCapability {
  /** Whether the store follows Keyv's contract, and may be used directly. */
  compatible: boolean
  /** The kind of store that Keyv takes this for. */
  store: 'mapLike' | 'keyvStorage' | 'asyncMap' | 'none'
  /** For each method of the contract, whether it exists and how it answers. */
  methods: Record<(typeof METHODS)[number], Method>
  /** Whether `set` takes the moment at which an entry expires, instead of a time to live. */
  expires?: boolean
}

/** The capability of a store that has every method. */
export const STORAGE_CAPABILITY: StorageCapability = {
  compatible: true,
  store: 'keyvStorage',
  methods: Object.fromEntries(
    METHODS.map((name) => [name, { exists: true, methodType: 'async' }]),
  ) as StorageCapability['methods'],
  expires: true,
}
