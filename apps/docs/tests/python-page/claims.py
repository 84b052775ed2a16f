"""Runs pieces of code on new caches of python-diskcache: a JSON list on stdin, what each gives as one on stdout."""

import ast
import inspect
import json
import os
import shutil
import sys
import tempfile
import time
import types
import warnings

import diskcache
import diskcache.core

TEMPORARY = []


def directory():
    TEMPORARY.append(tempfile.mkdtemp(prefix='diskcache-claims-'))
    return TEMPORARY[-1]


def value_file(cache):
    for folder, _, names in os.walk(cache.directory):
        for name in names:
            if name.endswith('.val'):
                return os.path.join(folder, name)


def grow(cache):
    with open(value_file(cache), 'a') as file:
        file.write('!')


def lose(cache):
    os.remove(value_file(cache))


def scope():
    """What a piece of code finds: all of diskcache, and new caches, on a clock that stands still."""
    clock = types.SimpleNamespace(now=time.time())
    diskcache.core.time = types.SimpleNamespace(time=lambda: clock.now, sleep=time.sleep)
    names = {name: getattr(diskcache, name) for name in diskcache.__all__ if hasattr(diskcache, name)}
    cache = diskcache.Cache(directory())
    names.update(clock=clock, cache=cache, fanout=diskcache.FanoutCache(directory(), shards=2))
    names.update(deque=diskcache.Deque(directory=directory()), index=diskcache.Index(directory()))
    names.update(directory=directory, grow=grow, lose=lose)
    return names


def run(code):
    """The repr of the last expression, or the name of the exception."""
    *body, last = ast.parse(code).body
    names = scope()
    try:
        exec(compile(ast.Module(body, []), 'claim', 'exec'), names)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), 'claim', 'exec'), names)
            return 'None'
        return repr(eval(compile(ast.Expression(last.value), 'claim', 'eval'), names))
    except Exception as error:
        return type(error).__name__


def members(name):
    """The public members of a class, with its operators."""
    found = getattr(diskcache, name)
    return [member for member, value in inspect.getmembers(found) if value is not getattr(object, member, None)]


warnings.simplefilter('ignore')
request = json.load(sys.stdin)
answer = {
    'results': [run(code) for code in request['claims']],
    'members': {name: members(name) for name in request['classes']},
    'exports': list(diskcache.__all__),
    'settings': list(diskcache.DEFAULT_SETTINGS),
}
json.dump(answer, sys.stdout)
for path in TEMPORARY:
    shutil.rmtree(path, ignore_errors=True)
