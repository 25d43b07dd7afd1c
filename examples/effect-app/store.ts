import { fileLayerConfig } from '@clarity/flags-file/effect';
import { redisLayerConfig } from '@clarity/flags-redis/effect';
import * as Config from 'effect/Config';
import * as Effect from 'effect/Effect';
import * as Layer from 'effect/Layer';
import * as Option from 'effect/Option';

const url = Config.Redacted('REDIS_URL');
const redis = redisLayerConfig({ url });
const file = fileLayerConfig({ path: Config.String('FLAGS_FILE').pipe(Config.withDefault('flags.json')) });

/** Where the flags are: in Redis where `REDIS_URL` is set, else in the file `FLAGS_FILE`. */
export const storeLayer = Layer.unwrap(
  Effect.map(Config.option(url), Option.match({ onNone: () => file, onSome: () => redis })),
);
