"""One process of the core workload on python-diskcache, as node-worker.ts describes it."""

import json
import random
import sys
import time

import diskcache

KEYS = 100
OPERATIONS = ('get', 'set', 'delete')

settings = json.loads(sys.argv[1])
times = {operation: [] for operation in OPERATIONS}
misses = dict.fromkeys(OPERATIONS, 0)


def open_store():
    timeout = settings['timeout'] / 1e3
    if settings['shards'] is None:
        return diskcache.Cache(settings['directory'], timeout=timeout)
    return diskcache.FanoutCache(settings['directory'], shards=settings['shards'], timeout=timeout)


def fill():
    keys = [str(i).encode() for i in range(KEYS)]
    return all([store.set(key, key) for key in keys])


def operation_at(share):
    if share < 0.9:
        return 'get'
    return 'set' if share < 0.99 else 'delete'


def perform(operation, key, value):
    """Whether it missed."""
    if operation == 'get':
        return store.get(key) is None
    if operation == 'set':
        return not store.set(key, value)
    return not store.delete(key)


def run():
    """Gives the milliseconds that everything took."""
    random.seed(settings['seed'])
    begin = time.perf_counter_ns()
    for count in range(settings['operations']):
        key = str(random.randrange(KEYS)).encode()
        value = str(count).encode() * random.randrange(1, 100)
        operation = operation_at(random.random())
        start = time.perf_counter_ns()
        is_miss = perform(operation, key, value)
        end = time.perf_counter_ns()
        if count <= settings['warmUp']:
            continue
        times[operation].append(end - start)
        misses[operation] += is_miss
    return (time.perf_counter_ns() - begin) / 1e6


def answer(command, moment=0):
    if command == 'fill':
        return fill()
    if command == 'open':
        return len(store)
    if command == 'run':
        time.sleep(max(0, float(moment) / 1e3 - time.time()))
        return run()
    if command == 'recording':
        return {'times': times, 'misses': misses, 'dropped': None}
    return len(store.check())


store = None
for line in sys.stdin:
    store = store or open_store()
    print(json.dumps(answer(*line.split())), flush=True)
