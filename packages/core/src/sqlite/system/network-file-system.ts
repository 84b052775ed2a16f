import { readFileSync, statfsSync, statSync } from 'node:fs'

/** File systems by the number that `statfs` gives on Linux, from `linux/magic.h` and the headers of each. */
const NETWORK_TYPES = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9p'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
])

/** The number of everything that runs on FUSE, on a network or not. */
const FUSE = 0x65735546

/** The names of network file systems on FUSE, as mounts give them after `fuse.`. */
const NETWORK_FUSE =
  /^(sshfs|rclone|s3fs|gcsfuse|glusterfs|davfs2?|curlftpfs|smbnetfs|goofys|juicefs|mount-s3|blobfuse2?)$/

let isWarned = false

/**
 * Warns, once in a process, that a directory lies on a network file system: SQLite's log needs memory that all its
 * processes share, and locks that work. `node --disable-warning=DISKCACHE_NETWORK_FILE_SYSTEM` silences it.
 */
export function warnOfNetwork(directory: string, find = networkFileSystem): void {
  if (isWarned) return
  const name = find(directory)
  if (name === undefined) return
  isWarned = true
  const message = `The cache in ${directory} lies on a network file system (${name}), where locks may fail and processes of two machines damage it; use a local disk`
  process.emitWarning(message, { type: 'DiskCacheWarning', code: 'DISKCACHE_NETWORK_FILE_SYSTEM' })
}

/** Returns the name of the network file system that a directory lies on, `undefined` where it is on none that is known. */
export function networkFileSystem(directory: string): string | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const type = statfsSync(directory).type
    return type === FUSE
      ? fuseName(directory, readFileSync('/proc/self/mountinfo', 'utf8'))
      : networkName(type)
  } catch {
    // It is only a warning.
    return undefined
  }
}

/** Returns the name of the network file system that has a number, `undefined` for a local one. */
export function networkName(type: number): string | undefined {
  // Some architectures give the number with a sign.
  return NETWORK_TYPES.get(type >>> 0)
}

/** Returns the name of the network file system on FUSE that a directory lies on, by the table of mounts. */
function fuseName(directory: string, mounts: string): string | undefined {
  const device = statSync(directory).dev
  return fuseNameOf(`${major(device)}:${minor(device)}`, mounts)
}

/** Returns the name of the network file system on FUSE that has a device, by the table of mounts (`proc(5)`). */
export function fuseNameOf(device: string, mounts: string): string | undefined {
  const line = mounts.split('\n').find((mount) => mount.split(' ')[2] === device)
  const name = line?.match(/ - fuse\.(\S+) /)?.[1]
  return name !== undefined && NETWORK_FUSE.test(name) ? name : undefined
}

function major(device: number): number {
  return (device >>> 8) & 0xfff
}

function minor(device: number): number {
  return (device & 0xff) | ((device >>> 12) & 0xfff00)
}
