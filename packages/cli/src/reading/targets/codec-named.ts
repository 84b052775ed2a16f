import { Disk, DiskCacheError, type EncodedValue, EncryptedDisk, JSONDisk } from '@diskcache/core'
import { refusingKeys } from './secrets-check.ts'

/** Returns the codec of this name; for one that is not known here, one that knows keys and no values. */
export function codecNamed(
  name: string,
  secrets: readonly Uint8Array[],
  options: { readonly classes?: 'plain' },
): Disk {
  if (name === JSONDisk.codec) return new JSONDisk()
  if (name === EncryptedDisk.codec && secrets.length > 0)
    return refusingKeys(new EncryptedDisk({ keys: secrets, ...options }))
  const state =
    name === EncryptedDisk.codec
      ? 'the directory is encrypted; give the secret by --secret-file'
      : `it was written with the codec ${JSON.stringify(name)} of an application`
  return refusingKeys(new (unknownCodec(name, state))())
}

function unknownCodec(name: string, state: string): typeof Disk {
  return class UnknownDisk extends Disk {
    static override readonly codec = name

    override encodeValue(): EncodedValue {
      throw new DiskCacheError('ERR_DISKCACHE_FORMAT', `Cannot write a value: ${state}`)
    }

    override decodeValue(): unknown {
      throw new DiskCacheError('ERR_DISKCACHE_FORMAT', `Cannot decode a value: ${state}`)
    }
  }
}
