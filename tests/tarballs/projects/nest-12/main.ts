// A Nest application as its generator makes it, with flags from the environment.
import 'reflect-metadata';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { featureFlag, getFlagClient, isFeatureEnabled, setFlagClient } from '@clarity/flags-core';
import { createFlagClientFromEnv, type FlagClient } from '@clarity/flags-node';

@Controller()
class Orders {
  constructor(@Inject('flags') private readonly flags: FlagClient) {}

  @Get('injected')
  injected(): { isOn: boolean } {
    return { isOn: this.flags.isEnabled('new_checkout') };
  }

  @Get('guarded')
  @featureFlag('new_checkout', { fallback: () => 'old' })
  guarded(): string {
    return 'new';
  }
}

@Module({
  controllers: [Orders],
  providers: [{ provide: 'flags', useFactory: () => getFlagClient() }],
})
class App {}

async function main(): Promise<void> {
  const flags = await createFlagClientFromEnv({ variables: {}, refreshMode: 'none' });
  await flags.ready();
  setFlagClient(flags);
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const ask = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}/${path}`)).text();
  console.log(
    JSON.stringify({
      injected: await ask('injected'),
      guarded: await ask('guarded'),
      isOn: isFeatureEnabled('new_checkout'),
    }),
  );
  await app.close();
  await flags.close();
}

void main();
