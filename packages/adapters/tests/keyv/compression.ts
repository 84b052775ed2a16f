import { deserialize, serialize } from 'node:v8'
import { gunzipSync, gzipSync } from 'node:zlib'

/** Compresses values for Keyv 5, of any type. */
export const COMPRESSION = {
  async compress(value: unknown): Promise<string> {
    return gzipSync(serialize(value)).toString('base64')
  },
  async decompress(text: string | undefined): Promise<unknown> {
    return text === undefined ? undefined : deserialize(gunzipSync(Buffer.from(text, 'base64')))
  },
  async serialize({ value, expires }: { value?: unknown; expires?: number | undefined }): Promise<string> {
    return JSON.stringify({ value: await COMPRESSION.compress(value), expires })
  },
  async deserialize(text: string): Promise<{ value?: never; expires: number | undefined }> {
    const { value, expires } = JSON.parse(text)
    return { value: (await COMPRESSION.decompress(value)) as never, expires }
  },
}
