"""The workload of workload.ts on python-diskcache, for peer-process.ts: python_diskcache.py DIRECTORY."""

import itertools
import sys
import time

import diskcache

KEYS = 1_000
STRIDE = 617
VALUES = 4_096

cache = diskcache.Cache(sys.argv[1])
keys = itertools.cycle([f'key:{i * STRIDE % KEYS}' for i in range(KEYS)])
values = itertools.cycle([f'{i}:'.ljust(100, 'x') for i in range(VALUES)])


def get():
    cache.get(next(keys))


def set_value():
    cache.set(next(keys), next(values))


def incr():
    cache.incr(next(keys))


def fill(operation):
    for _ in range(KEYS):
        cache.set(next(keys), 0 if operation is incr else next(values))


OPERATIONS = {'get': get, 'set': set_value, 'incr': incr}

filled = None
for line in sys.stdin:
    name, calls = line.split()
    operation = OPERATIONS[name]
    if filled is not operation:
        fill(operation)
        filled = operation
    start = time.perf_counter()
    for _ in range(int(calls)):
        operation()
    print(time.perf_counter() - start, flush=True)
