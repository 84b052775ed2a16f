import type { OriginRequest, Reply } from '../http/platform.ts'

/** Returns a request as an origin sees it. */
export function originRequest({ method, url, headers }: Request): OriginRequest {
  return { method, url: url.slice(new URL(url).origin.length), headers: Object.fromEntries(headers) }
}

/** Makes a response of a reply. */
export function responseOf({ status = 200, headers = {}, body }: Reply): Response {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((line): [string, string] => [name, String(line)]),
  )
  const isEmpty = [204, 205, 304].includes(status)
  return new Response(isEmpty ? null : (body ?? null), { status, headers: lines })
}
