/** The promise faces that are tried. */
export const FACE_NAMES = [
  'Cache.promises',
  'FanoutCache.promises',
  'Deque.promises',
  'Index.promises',
] as const

export type FaceName = (typeof FACE_NAMES)[number]
