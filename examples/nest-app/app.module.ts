import { Module } from '@nestjs/common';
import { CheckoutController } from './checkout.controller.ts';
import { FlagsModule } from './flags.module.ts';

@Module({ imports: [FlagsModule], controllers: [CheckoutController] })
export class AppModule {}
