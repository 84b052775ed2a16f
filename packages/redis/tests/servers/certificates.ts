import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'

/** Of no use for anything but these tests, since everybody has it. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUlw5ZASvZAjsUhAE
MPwqA1awkVglK9C+/THJxyRsuPyhRANCAASI8a+E+zJ/CTZL9pIXkQdBPa0lc4b7
CPLnhnXFHyCW9jVHL77lx5sNXEDWOAsD07KIm75BM1zx6jkCfrcnSIm6
-----END PRIVATE KEY-----
`

/** Certificates by that key, which sign themselves: one for redis.example until 2120, one for localhost that has expired. */
export const CERTIFICATES = {
  valid: `-----BEGIN CERTIFICATE-----
MIIBWzCCAQKgAwIBAgIBAjAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1yZWRpcy5l
eGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1yZWRpcy5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiPGv
hPsyfwk2S/aSF5EHQT2tJXOG+wjy54Z1xR8glvY1Ry++5cebDVxA1jgLA9OyiJu+
QTNc8eo5An63J0iJuqM7MDkwGAYDVR0RBBEwD4INcmVkaXMuZXhhbXBsZTAdBgNV
HQ4EFgQUKvs/CSUztYdgwL6vD4qCwL9zU20wCgYIKoZIzj0EAwIDRwAwRAIgGzEq
fgtgURCWXQkg1YuViwBQikvi71GRfgVsx4MVeeUCIBfRy+kg0Ku4L1LgBMd8X+ir
vDAGRXu6JdKJ4AjE7WbP
-----END CERTIFICATE-----
`,
  expired: `-----BEGIN CERTIFICATE-----
MIIBTTCB9KADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
dDAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxv
Y2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIjxr4T7Mn8JNkv2kheR
B0E9rSVzhvsI8ueGdcUfIJb2NUcvvuXHmw1cQNY4CwPTsoibvkEzXPHqOQJ+tydI
ibqjNzA1MBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUKvs/CSUztYdg
wL6vD4qCwL9zU20wCgYIKoZIzj0EAwIDSAAwRQIgcGWRKYPCYeYfDzDoGBCQOhe8
HzpI7IkrYqLAbX7NZcICIQDGYJPD9RsWUmBBimDA3orD8bzeh33SsL5+hbvhfhqF
iA==
-----END CERTIFICATE-----
`,
}

/** A server that shows a certificate, and answers nothing. */
export async function tlsServer(
  certificate: keyof typeof CERTIFICATES,
): Promise<AsyncDisposable & { port: number }> {
  const server = createServer({ key: KEY, cert: CERTIFICATES[certificate] }).listen(0, 'localhost')
  server.on('tlsClientError', () => {})
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}
