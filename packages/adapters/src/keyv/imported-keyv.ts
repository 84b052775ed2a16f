/** The class that this format of the package gets by importing Keyv. A file of its own, as not everyone has Keyv. */
export { Keyv } from 'keyv'
