import { featureFlag, type FlagClient } from '@clarity/flags-core';
import { Controller, Get, Inject, NotFoundException, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { FlagGuard } from './flag.guard.ts';
import { FLAGS } from './flags.module.ts';
import { whoAsks } from './who-asks.ts';

function notThere(): never {
  throw new NotFoundException();
}

@Controller()
export class CheckoutController {
  constructor(@Inject(FLAGS) private readonly flags: FlagClient) {}

  @Get('checkout')
  checkout(@Req() request: Request): { readonly checkout: string } {
    // One snapshot for the whole request: two questions never see two different documents.
    const flags = this.flags.forContext(whoAsks(request));
    return { checkout: flags.isEnabled('new_checkout') ? 'one page' : 'three pages' };
  }

  /** A flag that is on or off for everybody. */
  @Get('checkout/gift-cards')
  @featureFlag('gift_cards', { fallback: notThere })
  giftCards(): { readonly amounts: readonly number[] } {
    return { amounts: [10, 25, 50] };
  }

  /** A flag that is asked for each user. */
  @Get('beta/news')
  @UseGuards(FlagGuard('beta_program'))
  news(): { readonly news: readonly string[] } {
    return { news: ['You see this before everybody else.'] };
  }
}
