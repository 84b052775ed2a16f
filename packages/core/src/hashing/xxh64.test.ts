import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import wabt from 'wabt'
import { bytesSum } from './bytes-sum.ts'
import { xxh64 } from './xxh64.ts'

const SOURCE = 'xxh64.wat'

/** The first 52 bits of what xxhash-wasm 1.1.0 gives for so many bytes `0, 1, 2 …`, and for the seed 0 and 2^45 + 7. */
const KNOWN: readonly [length: number, plain: bigint, seeded: bigint][] = [
  [0, 0xef46db3751d8e999n, 0xe6722bab4cbacb4n],
  [1, 0xe934a84adb052768n, 0xfef1c8751ed4bcd2n],
  [3, 0xe5c7bb4533bc65ddn, 0xb42a3115d8a4d696n],
  [4, 0xffced8604453cc1en, 0x85b394253f3ec1a9n],
  [7, 0x14cc643f630c72d2n, 0x47dab17987eee485n],
  [8, 0x884a173614b81b8dn, 0xd2af4c34b4ba94f3n],
  [31, 0xc346d2b59b4d8ee1n, 0x438495b72fab1332n],
  [32, 0xcbf59c5116ff32b4n, 0xe959430d8715ddc1n],
  [33, 0xc535d1acafb8eadn, 0x6a6c9ca7a77a988an],
  [63, 0xe26aa9e2a95f8e4fn, 0x280b3bc11a4210ffn],
  [100, 0x6ac1e58032166597n, 0xd1894287c831a4f8n],
  [1_000, 0x6ef436b00eba4078n, 0xa6a53d3e6317c651n],
  [65_536, 0x8b778f53fd34fc28n, 0xf1dfc0557d01caden],
]

test('the module is what xxh64.wat says', async () => {
  const text = readFileSync(join(import.meta.dirname, SOURCE), 'utf8')
  const { buffer } = (await wabt()).parseWat(SOURCE, text).toBinary({})
  const code = readFileSync(join(import.meta.dirname, 'xxh64.ts'), 'utf8')
  const base64 = [...code.matchAll(/^ {2}'([\w+/=]+)',$/gm)].map(([, line]) => line).join('')
  expect(base64).toBe(Buffer.from(buffer).toString('base64'))
})

test.each(KNOWN)('hash() of %i bytes is that of the reference implementation', (length, plain, seeded) => {
  const { memory, hash } = xxh64()
  memory.set(Array.from({ length }, (_, i) => i % 256))
  expect(hash(length, 0)).toBe(Number(plain >> 12n))
  expect(hash(length, 2 ** 45 + 7)).toBe(Number(seeded >> 12n))
})

test('bytesSum() of less than a piece is XXH64', () => {
  const { memory, hash } = xxh64()
  memory.set(Buffer.from('abc'))
  expect(bytesSum(Buffer.from('abc'))).toBe(hash(3, 0))
  expect(bytesSum(Buffer.from('abc'), 7)).toBe(hash(3, 7))
  expect(hash(3, 7)).not.toBe(hash(3, 0))
})
