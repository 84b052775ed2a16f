type Attributes = Readonly<Record<string, string | number>>

/** An SVG element, as text; numbers with one digit after the point, which no eye can tell from more. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const pairs = Object.entries(attributes).map(([name, value]) => ` ${name}="${textOf(value)}"`)
  const start = `${name}${pairs.join('')}`
  return children.length === 0 ? `<${start}/>` : `<${start}>${children.join('\n')}</${name}>`
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escaped(content))
}

/** Commands of a path, such as `['M', 0, 0]`. */
export function pathData(commands: readonly (readonly (string | number)[])[]): string {
  return commands.map(([command, ...values]) => `${command}${values.map(textOf).join(' ')}`).join('')
}

function textOf(value: string | number): string {
  return typeof value === 'string' ? escaped(value) : String(Math.round(value * 10) / 10)
}

function escaped(content: string): string {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
