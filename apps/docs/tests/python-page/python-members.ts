/** The operators of Python that the page names by how they are written, each by the method that stands for it. */
export const OPERATORS: Readonly<Record<string, string>> = {
  __contains__: 'in',
  __delitem__: 'del',
  __enter__: 'with',
  __eq__: '==',
  __ge__: '>=',
  __getattr__: 'whatever',
  __getitem__: '[',
  __gt__: '>',
  __iadd__: '+=',
  __iter__: 'iter',
  __le__: '<=',
  __len__: 'len',
  __lt__: '<',
  __ne__: '!=',
  __reversed__: 'reversed',
  __setitem__: '[',
}

const SHARED = [
  ...['__contains__', '__delitem__', '__enter__', '__getitem__', '__iter__', '__len__', '__reversed__'],
  ...['__setitem__', 'add', 'check', 'clear', 'close', 'create_tag_index', 'cull', 'decr', 'delete'],
  ...['directory', 'drop_tag_index', 'evict', 'expire', 'get', 'incr', 'memoize', 'pop', 'read', 'reset'],
  ...['set', 'stats', 'touch', 'transact', 'volume'],
]

const COLLECTION = [
  ...[
    '__contains__',
    '__delitem__',
    '__eq__',
    '__getitem__',
    '__iter__',
    '__len__',
    '__ne__',
    '__reversed__',
  ],
  ...['__setitem__', 'cache', 'clear', 'directory', 'fromcache', 'pop', 'transact'],
]

/** The public members of python-diskcache's classes, by the section of the page that has to name them. */
export const PYTHON_MEMBERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Cache: {
    Cache: [...SHARED, ...['disk', 'iterkeys', 'peek', 'peekitem', 'pull', 'push', 'timeout']],
  },
  FanoutCache: { FanoutCache: [...SHARED, '__getattr__', 'cache', 'deque', 'index'] },
  Deque: {
    Deque: [
      ...COLLECTION.filter((member) => member !== '__contains__'),
      ...['__contains__', '__ge__', '__gt__', '__iadd__', '__le__', '__lt__', 'append', 'appendleft', 'copy'],
      ...['count', 'extend', 'extendleft', 'index', 'maxlen', 'peek', 'peekleft', 'popleft', 'remove'],
      ...['reverse', 'rotate'],
    ],
  },
  Index: {
    Index: [
      ...COLLECTION,
      ...['get', 'items', 'keys', 'memoize', 'peekitem', 'popitem', 'pull', 'push', 'setdefault', 'update'],
      'values',
    ],
  },
  Disk: {
    Disk: ['fetch', 'filename', 'get', 'hash', 'put', 'remove', 'store'],
    JSONDisk: ['fetch', 'filename', 'get', 'hash', 'put', 'remove', 'store'],
  },
  Recipes: {
    Averager: ['add', 'get', 'pop'],
    Lock: ['__enter__', 'acquire', 'locked', 'release'],
    RLock: ['__enter__', 'acquire', 'release'],
    BoundedSemaphore: ['__enter__', 'acquire', 'release'],
  },
}

/** Of DjangoCache, which can be looked at only beside Django, the members that are its own. */
export const DJANGO_MEMBERS = [
  ...['add', 'cache', 'clear', 'close', 'create_tag_index', 'cull', 'decr', 'delete', 'deque', 'directory'],
  ...[
    'drop_tag_index',
    'evict',
    'expire',
    'get',
    'get_backend_timeout',
    'has_key',
    'incr',
    'index',
    'memoize',
  ],
  ...['read', 'set', 'stats', 'touch'],
]

/** What every object of Python has, or what says nothing about what one can do. */
export const PROTOCOL = new Set([
  ...[
    '__abstractmethods__',
    '__class__',
    '__class_getitem__',
    '__dict__',
    '__doc__',
    '__exit__',
    '__getstate__',
    '__hash__',
  ],
  ...[
    '__init__',
    '__init_subclass__',
    '__module__',
    '__repr__',
    '__setstate__',
    '__slots__',
    '__subclasshook__',
  ],
  '__weakref__',
])
