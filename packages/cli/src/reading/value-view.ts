/** A value as it is shown. */
export interface ValueView {
  /** How it is shown. `picture` has its bytes at an address of its own, and `hex` is a dump. */
  readonly form: 'json' | 'text' | 'picture' | 'hex'
  /** The JavaScript type: `string`, `number`, `Buffer`, `Map`, `object`, `array`, … */
  readonly type: string
  /** The value as text in that form, cut after some length; empty for a picture. */
  readonly text: string
  /** Whether the text is not all of it. */
  readonly isCut: boolean
  /** The media type of a picture, by its first bytes: PNG, JPEG, GIF, WebP, AVIF. SVG is text. */
  readonly mediaType?: string
  /** The bytes of the value as it is stored. */
  readonly bytes: number
  /** Why the value cannot be read: damaged, pickled by Python, of another codec. Then the form is `hex`, of what is stored. */
  readonly problem?: string
}
