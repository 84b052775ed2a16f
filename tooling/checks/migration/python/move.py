import time

from diskcache import Cache, Disk, JSONDisk


class JSONValues(JSONDisk):
    put = Disk.put
    get = Disk.get


old = Cache('old-directory')
new = Cache('new-directory', disk=JSONValues)
for key in old:
    value, expire_time, tag = old.get(key, expire_time=True, tag=True)
    left = None if expire_time is None else expire_time - time.time()
    new.set(key, value, expire=left, tag=tag)
