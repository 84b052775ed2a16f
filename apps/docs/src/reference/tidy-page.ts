/** Headings of what belongs to one symbol: as headings, the outline and the search would be full of them. */
const LABELS = [
  ...['Parameters', 'Type Parameters', 'Returns', 'Throws', 'Example', 'Examples', 'Default Value'],
  ...['Implements', 'Extends', 'Extended by', 'Inherited from', 'Type Declaration'],
]
const LABEL_HEADING = new RegExp(`^#{2,6} (${LABELS.join('|')})$`, 'gm')

/** A table of type parameters that says no more than their names, which are in the signature. */
const BARE_NAMES =
  /^#+ Type Parameters\n\n\| Type Parameter \|\n\| -+ \|\n(?:\| <a id="[^"]*"><\/a> `\w+` \|\n)+\n/gm

/** A page of the generator, as this site shows it. */
export function tidyPage(markdown: string): string {
  return markdown
    .replace(BARE_NAMES, '')
    .replace(/^\*\*\*\n+/gm, '')
    .replace(/^#### [GS]et Signature\n+/gm, '')
    .replace(/^### .+\n\nRe-exports (\[.+\]\(.+\))\n+/gm, '- $1\n')
    .replace(/^## References$/m, '## Also exported here')
    .replace(LABEL_HEADING, '**$1**')
}
