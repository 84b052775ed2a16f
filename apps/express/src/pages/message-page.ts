import { html } from '../html.ts'
import { page } from './layout.ts'

/** A page with nothing but a sentence. */
export function messagePage(title: string, sentence: string): string {
  return page({ title, content: html`<h1>${title}</h1><p class="lead">${sentence}</p>` })
}
