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

interface Method {
  exists: boolean
  methodType: 'sync' | 'async' | 'none'
}

/** What Keyv 6 wants to know of a store. */
export interface StorageCapability {
  compatible: boolean
  store: 'mapLike' | 'keyvStorage' | 'asyncMap' | 'none'
  methods: Record<(typeof METHODS)[number], Method>
  /** Whether `set` takes the moment at which an entry expires, instead of a time to live. */
  expires?: boolean
}

/** Of a store that has everything. */
export const STORAGE_CAPABILITY: StorageCapability = {
  compatible: true,
  store: 'keyvStorage',
  methods: Object.fromEntries(
    METHODS.map((name) => [name, { exists: true, methodType: 'async' }]),
  ) as StorageCapability['methods'],
  expires: true,
}
