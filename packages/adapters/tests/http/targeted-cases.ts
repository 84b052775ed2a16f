import { type Case, origin, SECOND, type Step } from './conformance-cases.ts'

const options = { cdnCacheControl: true }

/** What the two fields say, and whether that is stored by both. */
function targeted(
  title: string,
  {
    field,
    others,
    isStored,
  }: { field: string | string[]; others: Record<string, string>; isStored: boolean },
): Case {
  const second: Step = isStored ? { runs: 1, text: 'run 1', has: { age: '0' } } : { runs: 2 }
  return {
    section: 'RFC 9213, 2.2',
    title,
    options,
    origin: origin({ 'CDN-Cache-Control': field, ...others }),
    steps: [{ runs: 1 }, second],
  }
}

/** `CDN-Cache-Control`, where the option has it count. */
export const TARGETED: readonly Case[] = [
  targeted('counts where there is no Cache-Control', { field: 'max-age=60', others: {}, isStored: true }),
  targeted('counts, and Cache-Control does not', {
    field: 'max-age=60',
    others: { 'Cache-Control': 'no-store' },
    isStored: true,
  }),
  targeted('keeps what Cache-Control would have stored', {
    field: 'no-store',
    others: { 'Cache-Control': 'max-age=60' },
    isStored: false,
  }),
  targeted('counts, and Expires does not', {
    field: 'public',
    others: { Expires: 'Sat, 01 Jan 2050 00:00:00 GMT' },
    isStored: false,
  }),
  targeted('is ignored when it is malformed', {
    field: 'max-age=60,',
    others: { 'Cache-Control': 'no-store' },
    isStored: false,
  }),
  targeted('is ignored when it is empty', {
    field: '',
    others: { 'Cache-Control': 'max-age=60' },
    isStored: true,
  }),
  targeted('has no seconds in quotes', {
    field: 'max-age="60"',
    others: { 'Cache-Control': 'max-age=60' },
    isStored: false,
  }),
  targeted('is read with parameters and unknown members', {
    field: ['max-age=60;a=1', 'b=(1 2)'],
    others: {},
    isStored: true,
  }),
  {
    section: 'RFC 9213, 2.2',
    title: 'is fresh for as long as it says, and is sent on as it came',
    options,
    origin: origin({ 'CDN-Cache-Control': 'max-age=60', 'Cache-Control': 'max-age=10' }),
    steps: [
      { runs: 1 },
      {
        after: 59 * SECOND,
        runs: 1,
        has: { 'cdn-cache-control': 'max-age=60', 'cache-control': 'max-age=10', age: '59' },
      },
      { after: SECOND, runs: 2 },
    ],
  },
  {
    section: 'RFC 9213, 2.2',
    title: 'means nothing without the option',
    origin: origin({ 'CDN-Cache-Control': 'max-age=60', 'Cache-Control': 'no-store' }),
    steps: [{ runs: 1 }, { runs: 2 }],
  },
]
