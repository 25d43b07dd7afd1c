// How an example is started: by its own start script, and where its store is a service, beside a stand-in for that.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

/**
 * Examples whose store is a service: what plays it here, and the variable by which a user names one instead.
 *
 * @type {Readonly<Record<string, { play: string, instead: string }>>}
 */
const services = {
  'lambda-ssm': { play: 'tests/stand-ins/play-ssm.ts', instead: 'FLAGS_PARAMETER' },
  worker: { play: 'tests/stand-ins/play-upstash.ts', instead: 'UPSTASH_REDIS_REST_URL' },
};

/**
 * @param {string} name
 * @param {Readonly<Record<string, string | undefined>>} variables
 * @returns {[command: string, ...args: string[]]} to be run in the example's folder
 */
export function exampleCommand(name, variables) {
  /** @type {{ scripts: { start: string } }} */
  const { scripts } = JSON.parse(readFileSync(join(root, 'examples', name, 'package.json'), 'utf8'));
  const [command = '', ...args] = scripts.start.split(' ');
  const service = services[name];
  if (service === undefined || variables[service.instead] !== undefined) return [command, ...args];
  return [command, '--import', pathToFileURL(join(root, service.play)).href, ...args];
}
