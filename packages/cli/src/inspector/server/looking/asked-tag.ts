import type { Tag } from '@diskcache/core'
import { LONG } from '../../../reading/long-text.ts'
import { tagOfId } from '../../../reading/tag-id.ts'
import { Refusal } from '../http/refusal.ts'

/** Returns the label of an id that was sent, which may be anything. */
export function askedTag(id: string): Tag {
  if (id.startsWith(LONG)) throw new Refusal(413, 'The tag is too long to be asked for here')
  return tagOfId(id)
}
