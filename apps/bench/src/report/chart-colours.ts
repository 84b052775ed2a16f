/** Whatever the reader's system has for its own texts. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

export const BACKGROUND = '#ffffff'
export const INK = '#1f2937'
export const GRID = '#e5e7eb'

/** This project's bars. */
export const OWN = '#0072b2'

export const OTHER = '#9ca3af'

/** Eight colours that the colour-blind tell apart, by Okabe and Ito (2008), without their yellow, which white hides. */
export const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const
