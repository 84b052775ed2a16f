import type { Tag, Tags } from '@diskcache/core'

/** A text that `Cache-Tag` can name: the field is a list with commas. */
const LEGAL = /^[^,\s](?:[^,]*[^,\s])?$/

/**
 * Returns the label of responses that stands for a tag. Two tags that have one label are no harm: what has the one is
 * removed with the other, too.
 */
export function responseTag(tag: Tag): string {
  const text = typeof tag === 'object' ? Buffer.from(tag).toString('hex') : String(tag).toWellFormed()
  return LEGAL.test(text) ? text : `tag:${encodeURIComponent(text)}`
}

/** Returns the labels of responses that stand for tags. */
export function responseTags(tags: Tags): string[] {
  return (Array.isArray(tags) ? tags : [tags as Tag]).map(responseTag)
}
