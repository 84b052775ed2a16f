import { once } from 'node:events'
import { expect, test } from 'vitest'
import { fuseNameOf, networkName, warnOfNetwork } from './network-file-system.ts'

test('networkName() knows network file systems by their number, and no local one', () => {
  expect([0x6969, 0xff534d42, 0xff534d42 | 0, 0xfe534d42, 0x01021997].map(networkName)).toEqual([
    ...['NFS', 'CIFS', 'CIFS', 'SMB', '9p'],
  ])
  // ext4, tmpfs, overlay, xfs, btrfs, zfs
  for (const local of [0xef53, 0x01021994, 0x794c7630, 0x58465342, 0x9123683e, 0x2fc12fc1])
    expect(networkName(local)).toBe(undefined)
})

test('fuseNameOf() finds the mount of a device', () => {
  const mounts = [
    '36 35 98:0 / /mnt1 rw,noatime master:1 - ext3 /dev/root rw',
    '37 35 0:51 / /home/ada/far rw,nosuid shared:9 - fuse.sshfs ada@host:/ rw,user_id=1000',
    '38 35 0:52 / /home/ada/near rw,nosuid shared:9 - fuse.mergerfs a:b rw',
  ].join('\n')
  expect(['0:51', '0:52', '98:0', '1:1'].map((device) => fuseNameOf(device, mounts))).toEqual([
    ...['sshfs', undefined, undefined, undefined],
  ])
})

test('warnOfNetwork() warns once, with a code', async () => {
  warnOfNetwork('/local', () => undefined)
  const warned = once(process, 'warning')
  warnOfNetwork('/far', () => 'NFS')
  warnOfNetwork('/farther', () => 'NFS')
  const [warning] = await warned
  expect(warning).toMatchObject({ name: 'DiskCacheWarning', code: 'DISKCACHE_NETWORK_FILE_SYSTEM' })
  expect(warning.message).toContain('/far ')
})
