"""Uses directories of python-diskcache, one JSON command a line on stdin, one answer a line on stdout (see python-process.ts)."""

import base64
import json
import os
import signal
import sqlite3
import sys

import diskcache

# What a caller of python-diskcache can be asked to handle.
TYPED = (sqlite3.Error, diskcache.Timeout)


def encode(value):
    if isinstance(value, bytes):
        return {'bytes': base64.b64encode(value).decode()}
    if value is None or type(value) in (str, int, float):
        return value
    # What flips have made of a pickle may be anything.
    try:
        return {'json': json.dumps(value)}
    except (TypeError, ValueError):
        return {'json': json.dumps(repr(value))}


def decode(value):
    if not isinstance(value, dict):
        return value
    return base64.b64decode(value['bytes']) if 'bytes' in value else json.loads(value['json'])


def attempt(seen, how, key, act):
    """Adds what an operation gives, or its error, to what was seen."""
    try:
        seen.append({'how': how, 'key': encode(key), 'value': encode(act())})
    except Exception as error:
        text = '%s: %s' % (type(error).__name__, error)
        seen.append({'how': how, 'key': encode(key), 'error': text, 'typed': isinstance(error, TYPED)})


def open_cache(directory):
    return diskcache.Cache(directory, disk_min_file_size=2000, eviction_policy='none')


def write(directory, changes):
    """Leaves the log behind, as kill -9 does."""
    cache = open_cache(directory)
    for key, value in changes:
        if value is None:
            cache.delete(key)
        else:
            cache.set(key, decode(value))
    os.kill(os.getpid(), signal.SIGKILL)


def tidy(directory):
    open_cache(directory).close()


def judge(directory, keys, changes):
    """Reads all keys, iterates, and writes again."""
    seen = []
    try:
        cache = open_cache(directory)
    except Exception as error:
        text = '%s: %s' % (type(error).__name__, error)
        return [{'how': 'open', 'error': text, 'typed': isinstance(error, TYPED)}]
    for key in keys:
        attempt(seen, 'get', key, lambda: cache.get(key))
    attempt(seen, 'keys', None, lambda: [encode(key) for key in cache])
    for key, value in changes:
        attempt(seen, 'set', key, lambda: cache.set(key, decode(value)))
        attempt(seen, 'get again', key, lambda: cache.get(key))
    attempt(seen, 'close', None, cache.close)
    return seen


COMMANDS = {'write': write, 'tidy': tidy, 'judge': judge}

for line in sys.stdin:
    command, args = json.loads(line)
    print(json.dumps(COMMANDS[command](*args)), flush=True)
