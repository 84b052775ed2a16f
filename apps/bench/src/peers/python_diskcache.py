"""What store-service.ts does, on python-diskcache: python_diskcache.py DIRECTORY."""

import itertools
import json
import math
import sys
import time
from collections import Counter

STRIDE = 617_293
MOST_VALUES = 4_096
VALUES_IN_MEMORY = 16 * 2**20
FEWEST_VALUES = 3
KEYS_APART = 131
VALUES_APART = 517
BULK = 100
TTL = 3_600
CHECKED = 3
LATENCY_STEP = math.log(1.02)


class Workload:
    """The same keys and values as workload.ts."""

    def __init__(self, keys, size, process=0):
        count = max(FEWEST_VALUES, min(MOST_VALUES, VALUES_IN_MEMORY // size))
        self.size = size
        self.names = [f'key:{i * STRIDE % keys}' for i in range(keys)]
        self.keys = itertools.cycle(self.names)
        self.values = itertools.cycle([f'{i}:'.ljust(size, 'x') for i in range(count)])
        advance(self.keys, process * KEYS_APART)
        advance(self.values, process * VALUES_APART)


class Service:
    def __init__(self, directory):
        import diskcache

        self.cache = diskcache.Cache(directory, timeout=60)
        self.work = Workload(1_000, 100)
        self.calls = {
            'get': self.get,
            'set': self.set,
            'incr': lambda: self.cache.incr(f'counter:{next(self.work.keys)}'),
            'setExpiring': lambda: self.cache.set(next(self.work.keys), next(self.work.values), expire=TTL),
            'getMany': self.get_many,
            'setMany': self.set_many,
        }

    def get(self):
        return self.cache.get(next(self.work.keys))

    def set(self):
        return self.cache.set(next(self.work.keys), next(self.work.values))

    def get_many(self):
        with self.cache.transact():
            return [self.get() for _ in range(BULK)]

    def set_many(self):
        with self.cache.transact():
            for _ in range(BULK):
                self.set()

    def answer(self, line):
        command, *arguments = json.loads(line)
        return getattr(self, command)(*arguments)

    def operations(self):
        return list(self.calls)

    def fill(self, extent):
        self.work = Workload(extent['keys'], extent['bytes'])
        for i, name in enumerate(self.work.names):
            value = next(self.work.values)
            self.cache.set(name, value)
            if i < CHECKED and self.cache.get(name) != value:
                raise ValueError('it gave another value than it was given')

    def join(self, extent, process):
        self.work = Workload(extent['keys'], extent['bytes'], process)

    def load(self, operation, start, milliseconds):
        call = self.calls[operation]
        latencies = Counter()
        failures = Counter()
        calls = longest = 0
        time.sleep(max(0, start / 1e3 - time.time()))
        began = now = time.perf_counter()
        while now < began + milliseconds / 1e3:
            before = now
            try:
                result = call()
                now = time.perf_counter()
                latencies[bucket(now - before)] += 1
                calls += 1
                if not self.is_fine(operation, result):
                    failures[f'gave {result!r:.40}'] += 1
            except Exception as error:
                now = time.perf_counter()
                failures[type(error).__name__] += 1
            longest = max(longest, now - before)
        return {
            'calls': calls,
            'seconds': now - began,
            'latencies': list(latencies.items()),
            'longest': longest * 1e3,
            'failures': failures,
        }

    def is_fine(self, operation, result):
        if operation == 'get':
            return isinstance(result, str) and len(result) == self.work.size
        return operation != 'set' or result is not False


def advance(iterator, steps):
    for _ in range(steps):
        next(iterator)


def bucket(seconds):
    """As latencies.ts."""
    return round(math.log(max(seconds * 1e3, 1e-5)) / LATENCY_STEP)


def main():
    service = None
    for line in sys.stdin:
        try:
            service = service or Service(sys.argv[1])
            print(json.dumps(service.answer(line)), flush=True)
        except Exception as error:
            print(json.dumps({'error': str(error)}), flush=True)


main()
