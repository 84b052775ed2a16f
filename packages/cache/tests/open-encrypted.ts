import { Cache, EncryptedDisk } from '@diskcache/cache'

/** A codec with all that it can do but `entryKey`, which leaves no order of keys. */
export function encryptedDisk(): EncryptedDisk {
  return new EncryptedDisk({ keys: [Buffer.alloc(32, 1)], compression: { minBytes: 100 } })
}

/** How a second process opens the store of the contract suite. */
export function open(directory: string, options: { clock: () => number }): Cache {
  return new Cache(directory, { ...options, disk: encryptedDisk() })
}
