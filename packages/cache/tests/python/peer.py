"""Works on caches of python-diskcache: one JSON command a line on stdin, one answer a line on stdout (see peer.ts)."""

import base64
import json
import struct
import sys
import warnings

import diskcache


class ValueJSONDisk(diskcache.JSONDisk):
    """Values as compressed JSON and keys as they are: what JSONDisk is in Node."""

    put = diskcache.Disk.put
    get = diskcache.Disk.get


DISKS = {'Disk': diskcache.Disk, 'ValueJSONDisk': ValueJSONDisk}

CACHES = {}


def encode(value):
    if value is None or type(value) in (str, bool):
        return value
    if type(value) is int:
        return {'int': str(value)}
    if type(value) is float:
        return {'float': base64.b64encode(struct.pack('>d', value)).decode()}
    if type(value) is bytes:
        return {'bytes': base64.b64encode(value).decode()}
    if isinstance(value, warnings.WarningMessage):
        return str(value.message)
    if isinstance(value, (list, tuple)) or hasattr(value, '__next__'):
        return [encode(item) for item in value]
    return {'repr': repr(value)}


def decode(value, i):
    if isinstance(value, list):
        return [decode(item, i) for item in value]
    if not isinstance(value, dict):
        return value
    if 'int' in value:
        return int(value['int'])
    if 'float' in value:
        return struct.unpack('>d', base64.b64decode(value['float']))[0]
    if 'bytes' in value:
        return base64.b64decode(value['bytes'])
    return eval(value['source'], {'i': i})


def open_cache(directory, disk, settings):
    settings = {name: decode(value, 0) for name, value in settings.items()}
    number = len(CACHES)
    CACHES[number] = diskcache.Cache(directory, disk=DISKS[disk], **settings)
    return number


def call(cache, member, args, named, times):
    """Gives an attribute, or what the last of so many calls of a method gives; `i` counts them."""
    attribute = getattr(CACHES[cache], member)
    if not callable(attribute):
        return encode(attribute)
    for i in range(times):
        arguments = [decode(arg, i) for arg in args]
        result = attribute(*arguments, **{name: decode(value, i) for name, value in named.items()})
    return encode(result)


def show(cache, key):
    """The repr of a value, which also tells its type."""
    return repr(CACHES[cache].get(decode(key, 0)))


def show_source(source):
    return repr(eval(source, {'i': 0}))


COMMANDS = {'open': open_cache, 'call': call, 'show': show, 'show_source': show_source}


def answer(line):
    command, args = json.loads(line)
    try:
        return {'result': COMMANDS[command](*args)}
    except Exception as error:
        return {'error': '%s: %s' % (type(error).__name__, error)}


for line in sys.stdin:
    print(json.dumps(answer(line)), flush=True)
