"""What peer-service.ts does, on python-diskcache, for peer-process.ts: python_diskcache.py DIRECTORY."""

import itertools
import json
import math
import sys
import time
from collections import Counter

STRIDE = 617
MOST_VALUES = 4_096
VALUES_IN_MEMORY = 16 * 2**20
FEWEST_VALUES = 3
KEYS_APART = 131
VALUES_APART = 517
BULK = 100
TTL = 3_600
CALLS_PER_SET = {'get': math.inf, 'set': 1, 'mixed': 10}
CHECKED = 3
LATENCY_STEP = math.log(1.02)


class Workload:
    """The same keys and values as peer-workload.ts."""

    def __init__(self, keys, size, process=0):
        count = max(FEWEST_VALUES, min(MOST_VALUES, VALUES_IN_MEMORY // size))
        self.size = size
        self.names = [f'key:{i * STRIDE % keys}' for i in range(keys)]
        self.keys = itertools.cycle(self.names)
        self.values = itertools.cycle([f'{i}:'.ljust(size, 'x') for i in range(count)])
        self.counters = itertools.cycle([f'counter:{name}' for name in self.names])
        advance(self.keys, process * KEYS_APART)
        advance(self.values, process * VALUES_APART)
        self.deleted = itertools.cycle(self.names)
        self.restored = itertools.cycle(self.names)


class Service:
    def __init__(self, directory):
        import diskcache

        self.cache = diskcache.Cache(directory, timeout=60)
        self.work = Workload(1_000, 100)
        self.filled = False
        self.calls = {
            'get': self.get,
            'set': self.set,
            'delete': lambda: self.cache.delete(next(self.work.deleted)),
            'incr': lambda: self.cache.incr(next(self.work.counters)),
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
        command, *words = line.split()
        if command == 'operations':
            return list(self.calls)
        if command == 'fill':
            return self.fill(*map(int, words))
        if command == 'join':
            return self.join(*map(int, words))
        if command == 'mark':
            return self.mark(*map(int, words))
        if command == 'seen':
            return self.seen(*map(int, words))
        if not self.filled:
            self.fill(1_000, 100)
        if command == 'each':
            return self.each(words[0], int(words[1]))
        if command == 'load':
            return self.load(words[0], float(words[1]), float(words[2]))
        return self.time(command, int(words[0]))

    def fill(self, keys, size):
        self.work = Workload(keys, size)
        self.filled = True
        for i, name in enumerate(self.work.names):
            value = next(self.work.values)
            self.cache.set(name, value)
            if i < CHECKED and self.cache.get(name) != value:
                raise ValueError('it gave another value than it was given')

    def join(self, keys, size, process):
        self.work = Workload(keys, size, process)
        self.filled = True

    def restore(self, operation, calls):
        if operation == 'delete':
            for _ in range(calls):
                self.cache.set(next(self.work.restored), next(self.work.values))

    def time(self, operation, calls):
        call = self.calls[operation]
        start = time.perf_counter()
        for _ in range(calls):
            call()
        seconds = time.perf_counter() - start
        self.restore(operation, calls)
        return seconds

    def each(self, operation, calls):
        call = self.calls[operation]
        latencies = Counter()
        for _ in range(calls):
            start = time.perf_counter()
            call()
            latencies[bucket(time.perf_counter() - start)] += 1
        self.restore(operation, calls)
        return list(latencies.items())

    def load(self, kind, start, milliseconds):
        latencies = Counter()
        errors = Counter()
        attempts = calls = longest = misses = refused = 0
        time.sleep(max(0, start / 1e3 - time.time()))
        began = now = time.perf_counter()
        while now < began + milliseconds / 1e3:
            before = now
            attempts += 1
            is_set = attempts % CALLS_PER_SET[kind] == 0
            try:
                result = self.set() if is_set else self.get()
                now = time.perf_counter()
                latencies[bucket(now - before)] += 1
                calls += 1
                refused += is_set and result is False
                misses += not is_set and not self.is_whole(result)
            except Exception as error:
                now = time.perf_counter()
                errors[type(error).__name__] += 1
            longest = max(longest, now - before)
        return {
            'calls': calls,
            'seconds': now - began,
            'latencies': list(latencies.items()),
            'longest': longest * 1e3,
            'misses': misses,
            'refused': refused,
            'errors': dict(errors),
        }

    def is_whole(self, value):
        return isinstance(value, str) and len(value) == self.work.size

    def mark(self, process, count):
        for i in range(count):
            self.cache.set(f'mark:{process}:{i}', f'{process} has set {i}')

    def seen(self, process, count):
        return sum(
            self.cache.get(f'mark:{process}:{i}') == f'{process} has set {i}' for i in range(count)
        )


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
