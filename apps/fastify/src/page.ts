/** A page with this title and body; the title is escaped. */
export function page(title: string, body: string): string {
  const links = '<p><a href="/">Shop</a> <a href="/cache">Cache</a></p>'
  return `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title><h1>${escaped(title)}</h1>${body}${links}`
}

/** The text, for a place between tags or in quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
