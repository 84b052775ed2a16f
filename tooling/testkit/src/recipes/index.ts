export type { Recipes } from './recipes.ts'
export { recipesContract } from './recipes-contract.ts'
