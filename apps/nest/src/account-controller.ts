import { Controller, Get, Inject, UseGuards } from '@nestjs/common'
import { Account } from './account.ts'
import { UserGuard } from './user-guard.ts'

@Controller('account')
@UseGuards(UserGuard)
export class AccountController {
  constructor(@Inject(Account) private readonly account: Account) {}

  @Get()
  async summary(): Promise<{ readonly summary: string }> {
    return { summary: String(await this.account.summary()) }
  }
}
