/** Asks one application, and keeps its cookies, as a browser does. */
export class Browser {
  readonly origin: string
  readonly cookies = new Map<string, string>()

  constructor(origin: string) {
    this.origin = origin
  }

  /** The same browser, of another process of the application. */
  at(origin: string): Browser {
    const browser = new Browser(origin)
    for (const cookie of this.cookies) browser.cookies.set(...cookie)
    return browser
  }

  async ask(path: string): Promise<{ status: number; body: unknown }> {
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.origin + path, { headers: { cookie } })
    for (const field of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(field) as unknown as [string, string, string]
      this.cookies.set(name, value)
    }
    return { status: response.status, body: await response.json() }
  }
}
