// What a Nest application sees of methods behind flags. Each version of Nest is tried in a folder of its own, since its
// packages find each other by name; they hand themselves in here.
import type { AddressInfo } from 'node:net';
import type { CallHandler, ExecutionContext, INestApplication, NestInterceptor } from '@nestjs/common';
import { featureFlag, type FlagEvaluations } from '@clarity/flags-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

export interface Nest {
  readonly common: typeof import('@nestjs/common');
  readonly core: typeof import('@nestjs/core');
  readonly swagger: typeof import('@nestjs/swagger');
}

/** To be called in the `describe` of a version. */
export function testNest({ common, core, swagger }: Nest): void {
  const { Body, Controller, ForbiddenException, Get, Header, HttpCode, Module, Param, Post, SetMetadata } = common;
  const { UseGuards, UseInterceptors } = common;
  const { ApiOperation, ApiParam } = swagger;

  const served = new Set(['beta']);
  const flags = { isEnabled: (key: string) => served.has(key) } as unknown as FlagEvaluations;

  class DenyGuard {
    canActivate(): boolean {
      return false;
    }
  }
  class RolesGuard {
    canActivate(context: ExecutionContext): boolean {
      const roles = new core.Reflector().get<string[] | undefined>('roles', context.getHandler()) ?? [];
      return roles.every((role) => context.switchToHttp().getRequest().headers['x-role'] === role);
    }
  }
  const Roles = (...roles: string[]): MethodDecorator => SetMetadata('roles', roles);
  class MarkInterceptor implements NestInterceptor {
    intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
      context.switchToHttp().getResponse().setHeader('x-interceptor', 'below');
      return next.handle();
    }
  }
  const gone = (): never => {
    throw new ForbiddenException('off');
  };

  @Controller('orders')
  class Orders {
    @Get('open')
    @featureFlag('beta', { flags })
    open(): string {
      return 'open';
    }

    @Get('guard-below')
    @featureFlag('beta', { flags })
    @UseGuards(DenyGuard)
    guardBelow(): string {
      return 'reached';
    }

    @UseGuards(DenyGuard)
    @featureFlag('beta', { flags })
    @Get('guard-above')
    guardAbove(): string {
      return 'reached';
    }

    @featureFlag('beta', { flags })
    @Get('all-below')
    @UseGuards(DenyGuard)
    allBelow(): string {
      return 'reached';
    }

    @Get('roles-below')
    @UseGuards(RolesGuard)
    @featureFlag('beta', { flags })
    @Roles('admin')
    rolesBelow(): string {
      return 'for admins';
    }

    @Roles('admin')
    @featureFlag('beta', { flags })
    @UseGuards(RolesGuard)
    @Get('roles-above')
    rolesAbove(): string {
      return 'for admins';
    }

    @Post('of/:id')
    @HttpCode(202)
    @featureFlag('beta', { flags, fallback: gone })
    @Header('x-from', 'below')
    @UseInterceptors(MarkInterceptor)
    parameters(@Param('id') id: string, @Body('count') count: number): unknown {
      return { id, count, self: this instanceof Orders };
    }

    @Get('off')
    @featureFlag('off', { flags, fallback: gone })
    off(): string {
      return 'reached';
    }

    @ApiOperation({ summary: 'Documented above' })
    @featureFlag('beta', { flags })
    @ApiParam({ name: 'place', description: 'Documented below' })
    @Get('documented/:place')
    documented(@Param('place') place: string): string {
      return place;
    }
  }

  @Module({ controllers: [Orders] })
  class Application {}

  let app: INestApplication;
  let address: string;

  beforeAll(async () => {
    app = await core.NestFactory.create(Application, { logger: false });
    await app.listen(0, '127.0.0.1');
    address = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/orders`;
  });
  afterAll(() => app?.close());

  const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(`${address}/${path}`, { headers })).status;

  it('a guard denies on either side of the flag, and a route is one on either side', async () => {
    const paths = ['open', 'guard-below', 'guard-above', 'all-below'];
    expect(await Promise.all(paths.map((path) => status(path)))).toEqual([200, 403, 403, 403]);
  });

  it('a guard finds the roles that were said of the method on either side', async () => {
    for (const path of ['roles-below', 'roles-above']) {
      expect([await status(path), await status(path, { 'x-role': 'admin' })]).toEqual([403, 200]);
    }
  });

  it('parameters, status, headers and interceptors are those of the method', async () => {
    const response = await fetch(`${address}/of/7`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"count":2}',
    });
    expect(response.status).toBe(202);
    expect(['x-from', 'x-interceptor'].map((name) => response.headers.get(name))).toEqual(['below', 'below']);
    expect(await response.json()).toEqual({ id: '7', count: 2, self: true });
  });

  it('the fallback answers while the flag is off', async () => {
    expect(await status('off')).toBe(403);
  });

  it('Swagger documents what was said on either side', () => {
    const document = swagger.SwaggerModule.createDocument(app, new swagger.DocumentBuilder().build());
    const operation = document.paths['/orders/documented/{place}']?.get;
    expect(operation?.summary).toBe('Documented above');
    expect(operation?.parameters).toMatchObject([{ name: 'place', in: 'path', description: 'Documented below' }]);
  });
}
