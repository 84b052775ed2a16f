/** What the shop sells: a picture of a Julia set. */
export interface Print {
  /** Stands in URLs and tags. */
  readonly id: string
  readonly title: string
  readonly about: string
  /** The `c` of `z² + c`. */
  readonly constant: { readonly re: number; readonly im: number }
  /** Colours from far away to close by the set, as `#rrggbb`. */
  readonly colours: readonly string[]
  /** In euros. */
  readonly price: number
  readonly stock: number
}

/** What the shop opens with. */
export const PRINTS: readonly Print[] = [
  {
    id: 'rabbit',
    title: 'The Rabbit',
    about: 'Three ears at every point, named after Adrien Douady.',
    constant: { re: -0.123, im: 0.745 },
    colours: ['#10162f', '#1f4e79', '#7fb7be', '#f3ead3', '#e07a5f'],
    price: 38,
    stock: 12,
  },
  {
    id: 'san-marco',
    title: 'San Marco',
    about: 'A basilica and its reflection in the flooded square.',
    constant: { re: -0.75, im: 0.02 },
    colours: ['#1b1b2f', '#4a2545', '#b3446c', '#f2a65a', '#fff1d0'],
    price: 44,
    stock: 7,
  },
  {
    id: 'siegel',
    title: 'Siegel Disk',
    about: 'Around the middle everything turns, and never comes back.',
    constant: { re: -0.391, im: -0.587 },
    colours: ['#0b2027', '#1d5c63', '#40798c', '#cfd7c7', '#f6f1d1'],
    price: 38,
    stock: 9,
  },
  {
    id: 'galaxy',
    title: 'Galaxy',
    about: 'Spiral arms, just where the set falls to dust.',
    constant: { re: 0.285, im: 0.01 },
    colours: ['#0d0221', '#2e1f6b', '#7b4fb5', '#e8a0bf', '#fff3e6'],
    price: 52,
    stock: 5,
  },
  {
    id: 'lightning',
    title: 'Lightning',
    about: 'Thin, jagged and connected everywhere.',
    constant: { re: -0.7269, im: 0.1889 },
    colours: ['#0f0e17', '#2b2d42', '#5c6b9c', '#f4d35e', '#fffbe6'],
    price: 46,
    stock: 11,
  },
  {
    id: 'fern',
    title: 'Fern',
    about: 'Leaves that carry leaves, down to the last pixel.',
    constant: { re: -0.4, im: 0.6 },
    colours: ['#0a1f14', '#14532d', '#4d9966', '#d9ed92', '#fdfce5'],
    price: 40,
    stock: 8,
  },
  {
    id: 'dragon',
    title: 'Dragon',
    about: 'Two heads, each with two heads.',
    constant: { re: -0.8, im: 0.156 },
    colours: ['#1a0b0b', '#641220', '#c1272d', '#f6aa1c', '#fff4d6'],
    price: 48,
    stock: 6,
  },
  {
    id: 'frost',
    title: 'Frost',
    about: 'What grows on a window in January.',
    constant: { re: -0.70176, im: -0.3842 },
    colours: ['#0b1d36', '#1c4e80', '#5aa9e6', '#cfe8f9', '#ffffff'],
    price: 42,
    stock: 10,
  },
]
