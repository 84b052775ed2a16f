/** Markup that is complete: what came from elsewhere is escaped in it. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type HtmlContent = Html | string | number | undefined | readonly HtmlContent[]

/**
 * Markup with values between. A value is escaped, unless it is markup itself; the values of attributes must stand in
 * quotes.
 *
 * @example
 * html`<a href="${url}">${title}</a>`
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlContent[]): Html {
  return new Html(strings.reduce((text, next, at) => text + textOf(values[at - 1]) + next))
}

function textOf(value: HtmlContent): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.text
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  return value.map(textOf).join('')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
