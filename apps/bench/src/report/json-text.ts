const WIDTH = 110

/** JSON as the formatter of this repository writes it: what fits stands in one line. */
export function jsonText(value: unknown): string {
  return `${textOf(value, '', 0)}\n`
}

/** `taken` is how much of its line is taken by what stands before it, and by the comma behind it. */
function textOf(value: unknown, indent: string, taken: number): string {
  const line = lineOf(value)
  if (typeof value !== 'object' || value === null || taken + line.length <= WIDTH) return line
  const deeper = `${indent}  `
  const [begin, end] = Array.isArray(value) ? '[]' : '{}'
  const items = Array.isArray(value) ? value.map((item) => ['', item] as const) : membersOf(value)
  const lines = items.map(([key, item], i) => {
    const comma = i === items.length - 1 ? '' : ','
    return `${deeper}${key}${textOf(item, deeper, deeper.length + key.length + comma.length)}${comma}`
  })
  return [begin, ...lines, `${indent}${end}`].join('\n')
}

function lineOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(lineOf).join(', ')}]`
  const members = membersOf(value).map(([key, member]) => `${key}${lineOf(member)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** With their names as they stand before the value. */
function membersOf(value: object): (readonly [key: string, member: unknown])[] {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [`${JSON.stringify(name)}: `, member] as const)
}
