import type { FlagClient } from '@clarity/flags-core';
import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  mixin,
  NotFoundException,
  type Type,
} from '@nestjs/common';
import type { Request } from 'express';
import { FLAGS } from './flags.module.ts';
import { whoAsks } from './who-asks.ts';

/** Lets a request on only while the flag is on for who asks; else it is as if the route were not there. */
export function FlagGuard(key: string): Type<CanActivate> {
  @Injectable()
  class Guard implements CanActivate {
    constructor(@Inject(FLAGS) private readonly flags: FlagClient) {}

    canActivate(execution: ExecutionContext): boolean {
      if (this.flags.isEnabled(key, whoAsks(execution.switchToHttp().getRequest<Request>()))) return true;
      throw new NotFoundException();
    }
  }
  return mixin(Guard);
}
