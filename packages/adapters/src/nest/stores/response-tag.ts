import { type Tag, type Tags, tagsToColumns } from '@diskcache/core'

/** A text that `Cache-Tag` can name: the field is a list with commas. */
const LEGAL = /^[^,\s](?:[^,]*[^,\s])?$/

/**
 * Returns the label of responses that stands for a tag. Two tags that have one label are no harm: what has the one is
 * removed with the other, too.
 */
export function responseTag(tag: Tag): string {
  const text = typeof tag === 'object' ? Buffer.from(tag).toString('hex') : String(tag)
  return LEGAL.test(text) ? text : `tag:${encodeURIComponent(text)}`
}

/**
 * Returns the labels of responses that stand for tags.
 *
 * @throws TypeError for what cannot be a tag, RangeError for too many
 */
export function responseTags(tags: Tags): string[] {
  tagsToColumns(tags)
  return (Array.isArray(tags) ? tags : [tags as Tag]).map(responseTag)
}
