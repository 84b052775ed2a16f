import type { DefaultTheme } from 'vitepress'

type MiniSearchOptions = NonNullable<DefaultTheme.LocalSearchOptions['miniSearch']>

/**
 * How the search ranks sections: those first that have as their title what was asked for. Nearly all of the reference begins
 * with the same words, and a rare word that only begins with the one asked for would otherwise count for more than it.
 */
export const SEARCH_OPTIONS: NonNullable<MiniSearchOptions['searchOptions']> = {
  weights: { prefix: 0.1, fuzzy: 0.1 },
  // The browser gets its source text, so it uses nothing from outside. Pages come before options, and these before methods.
  boostDocument: (_id, term, section) => {
    const { title, titles } = section as { title: string; titles: string[] }
    // The index has the words of an error code, and not the code.
    if (title.startsWith('ERR_') && title.toLowerCase().split('_').includes(term)) return 3
    if (title.replace(/\W+$/, '').toLowerCase() !== term) return 1
    if (titles.length === 0) return 3
    if (title.endsWith('?')) return 2.5
    return title.endsWith(')') ? 1.5 : 2
  },
}
