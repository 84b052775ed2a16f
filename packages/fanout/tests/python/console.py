"""A Python with diskcache: one piece of code a line on stdin, as JSON, one answer a line on stdout (see console.ts)."""

import base64
import json
import sys
import warnings

import diskcache

NAMES = {
    'Cache': diskcache.Cache,
    'Deque': diskcache.Deque,
    'FanoutCache': diskcache.FanoutCache,
    'Index': diskcache.Index,
}


def encode(value):
    """JSON, with what it has no form for marked."""
    if value is None or type(value) in (str, bool, float):
        return value
    if type(value) is int:
        return {'int': str(value)}
    if type(value) is bytes:
        return {'bytes': base64.b64encode(value).decode()}
    if isinstance(value, warnings.WarningMessage):
        return str(value.message)
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    raise TypeError('no form for %r' % (value,))


def run(code):
    exec(code, NAMES)


def evaluate(code):
    return encode(eval(code, NAMES))


COMMANDS = {'run': run, 'evaluate': evaluate}


def answer(line):
    command, code = json.loads(line)
    try:
        return {'result': COMMANDS[command](code)}
    except Exception as error:
        return {'error': '%s: %s' % (type(error).__name__, error)}


for line in sys.stdin:
    print(json.dumps(answer(line)), flush=True)
