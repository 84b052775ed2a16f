export interface Article {
  readonly id: number
  readonly title: string
  readonly author: string
}

export interface Changes {
  readonly title: string
}
