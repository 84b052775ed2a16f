import type { RequestListener } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A certificate for localhost that signs itself, and its key, which everybody has: of use for these tests alone. */
export const CERTIFICATE = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgK3U2tIQG+jbOsSs6
mHip/+vnVFRolvc4TSutc1vuATWhRANCAASExUFv/4Ggv+3zNf8Wuw+vmtiPwvib
bcFSEg8p+C50fKZV+i/VFxy9j/pZctPVxNCJa3cF8goircac9WS+xKhi
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUNLNO6+n9Ua2xD0Yha42zdvy87LQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzAzMzMyM1oYDzIxMjYxMTAz
MDMzMzIzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASExUFv/4Ggv+3zNf8Wuw+vmtiPwvibbcFSEg8p+C50fKZV+i/VFxy9
j/pZctPVxNCJa3cF8goircac9WS+xKhio28wbTAdBgNVHQ4EFgQUYkbJBaf2ljgF
Ak5bONg++gJdBbIwHwYDVR0jBBgwFoAUYkbJBaf2ljgFAk5bONg++gJdBbIwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAJ/LUR8tC6MBiqIrQmGGVhqrhObtP1EcfjGcvgCde9ZlAiEA
le7WrleHVy/H7mjy7tb8+DSPWGzC2BUk6erM969tMyg=
-----END CERTIFICATE-----
`,
}

/** Asks by HTTPS, and returns the text of the answer. */
export function askHttps(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { cert: ca } = CERTIFICATE
    const sent = request({ host: 'localhost', port, path, ca, agent: false }, async (res) => {
      resolve((await res.toArray()).join(''))
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Starts a server on a free port of this machine. */
export async function listenHttps(listener: RequestListener): Promise<AsyncDisposable & { port: number }> {
  const server = createServer(CERTIFICATE, listener)
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
