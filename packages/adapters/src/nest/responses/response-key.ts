import { createHash } from 'node:crypto'
import { encodeCanonicalKey, type Key } from '@diskcache/core'
import type { ExecutionContext } from '@nestjs/common'
import { metadata } from '../stores/metadata.ts'
import type { HttpExchange } from './http-exchange.ts'
import type { ResponseOptions } from './response-options.ts'

/** The metadata in which Nest keeps the version of a route or controller. */
const VERSION = '__version__'

/** Request headers by which servers commonly know who asks. */
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key']

/**
 * Returns the key of the response, or `undefined` when it must not be kept: for other requests than GET, for parts of a
 * response, and when nothing says whom it belongs to. The key has a digest, since URLs and headers may hold secrets.
 */
export async function responseKey(
  exchange: HttpExchange,
  context: ExecutionContext,
  options: ResponseOptions,
): Promise<Key | undefined> {
  if (exchange.method !== 'GET' || exchange.header('range') !== undefined) return
  const owner = await ownerOf(exchange, context, options)
  if (owner === undefined) return
  const [type, handler] = [context.getClass(), context.getHandler()]
  const vary = options.vary.map((name) => [name, exchange.header(name)])
  const parts = [versionOf(handler), versionOf(type), exchange.host, exchange.url, vary, owner]
  return ['nest', 'response', `${type.name}.${handler.name}`, digestOf(parts)]
}

/** Returns the version of a route, by which routes of one name and URL may be told apart: it may stand in a header. */
function versionOf(target: object): string {
  return String(metadata.getMetadata(VERSION, target))
}

function digestOf(parts: readonly unknown[]): Uint8Array {
  return createHash('sha256').update(encodeCanonicalKey(parts)).digest()
}

/**
 * Returns one array for each owner, an empty one for what is everybody's, and `undefined` when the owner is not known.
 */
async function ownerOf(
  exchange: HttpExchange,
  context: ExecutionContext,
  { trackBy, vary }: ResponseOptions,
): Promise<readonly Key[] | undefined> {
  if (trackBy !== undefined) {
    const owner = (await trackBy(exchange.request, context)) ?? undefined
    return owner === undefined ? undefined : [checkedOwner(owner)]
  }
  const credentials = CREDENTIALS.filter((name) => exchange.header(name) !== undefined)
  const isTold = credentials.length > 0 && credentials.every((name) => vary.includes(name))
  const isAnonymous = credentials.length === 0 && (exchange.request.user ?? undefined) === undefined
  return isTold || isAnonymous ? [] : undefined
}

function checkedOwner(owner: Key): Key {
  try {
    encodeCanonicalKey(owner)
    return owner
  } catch (cause) {
    throw new TypeError(`Cannot use what trackBy gave: ${(cause as Error).message}`, { cause })
  }
}
