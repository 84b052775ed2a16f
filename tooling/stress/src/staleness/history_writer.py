"""Writes on a directory of diskcache at random, one thing after the other, and logs each: writer.ts in Python."""

import json
import os
import random
import sys
import time
import zlib

import diskcache

job = json.loads(sys.argv[1])
random.seed(job["seed"] + job["first"])
cache = diskcache.Cache(job["directory"], timeout=10)
log = os.open(job["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
sequence = job["first"]


def append(line):
    times = {"time": time.monotonic_ns(), "wall": time.time() * 1e3}
    os.write(log, (json.dumps({**line, **times}) + "\n").encode())


def write(kind, keys, ttl, act):
    global sequence
    append({"sequence": sequence, "kind": kind, "keys": keys, "ttl": ttl})
    append({"sequence": sequence, "done": act()})
    sequence += 1


def stamped(name):
    length = random.randrange(4_096, 20_480) if random.random() < 0.2 else random.randrange(500)
    body = f"{name}|0|{sequence}|{'.-+#'[sequence % 4] * length}"
    text = f"{zlib.crc32(body.encode())}|{body}"
    return text.encode() if random.random() < 0.5 else text


def put(key, ttl):
    name = f"key {key}"
    expire = None if ttl is None else ttl / 1e3
    tag = f"tag {key % job['tags']}"
    write("set", [key], ttl, lambda: cache.set(name, stamped(name), expire=expire, tag=tag))


def step():
    chance = random.randrange(1_000)
    key = random.randrange(job["keys"])
    ttl = random.randrange(1, 301)
    if chance < 3:
        tag = key % job["tags"]
        write("evict", list(range(tag, job["keys"], job["tags"])), None, lambda: cache.evict(f"tag {tag}") > 0)
    elif chance < 80:
        write("delete", [key], None, lambda: cache.delete(f"key {key}"))
    elif chance < 200:
        write("touch", [key], ttl, lambda: cache.touch(f"key {key}", expire=ttl / 1e3))
    else:
        put(key, ttl if chance < 400 else None)


for key in range(job["keys"]):
    put(key, None)
due = time.monotonic()
while not os.path.exists(job["stop"]):
    # What could not be done in time is left, rather than done all at once.
    now = time.monotonic()
    due = max(due, now - 0.1)
    while due < now:
        step()
        due += 1 / job["writes"]
    time.sleep(0.001)
cache.close()
