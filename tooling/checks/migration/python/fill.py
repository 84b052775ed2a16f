from diskcache import Cache

cache = Cache('old-directory')
cache.set('user:1', {'name': 'Ada', 'langs': ['en']}, expire=60, tag='users')
cache.set('visits', 7)
