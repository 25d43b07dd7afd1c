// `npm audit` of what an application gets that installs all packages: their dependencies and peers, and nothing of this
// workspace.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runIn } from './run-in.mjs';

/** @typedef {{ outcome: 'clean' | 'not checked' | 'vulnerable', sentence: string }} Audit */

/**
 * @param {string} folder an empty one
 * @param {readonly { path: string, name: string }[]} tarballs
 * @returns {Promise<Audit>}
 */
export async function audit(folder, tarballs) {
  const dependencies = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'audited', private: true, dependencies }));
  try {
    await runIn(folder, 'npm', ['install', '--package-lock-only', '--no-audit', '--no-fund', '--ignore-scripts']);
  } catch (error) {
    return {
      outcome: 'not checked',
      sentence: `npm could not resolve the dependencies, so nothing was audited: ${String(error)}`,
    };
  }
  const text = await runIn(folder, 'npm', ['audit', '--omit=dev', '--json']).catch((error) =>
    String(error.cause?.stdout ?? ''),
  );
  return verdictOn(text);
}

/** @param {string} text what `npm audit --json` wrote @returns {Audit} */
export function verdictOn(text) {
  /**
   * @type {{
   *   metadata?: { vulnerabilities?: { total?: number }, dependencies?: { total?: number } },
   *   vulnerabilities?: object
   * }}
   */
  let report = {};
  try {
    report = JSON.parse(text);
  } catch {
    // No report: said below.
  }
  const { metadata, vulnerabilities = {} } = report;
  const found = metadata?.vulnerabilities?.total;
  if (found === undefined) {
    return {
      outcome: 'not checked',
      sentence: 'npm audit gave no report: this registry does not answer audits, or there is no network',
    };
  }
  if (found > 0)
    return { outcome: 'vulnerable', sentence: `npm audit found ${found}: ${Object.keys(vulnerabilities).join(', ')}` };
  return { outcome: 'clean', sentence: `npm audit is clean, ${metadata?.dependencies?.total ?? 'all'} dependencies` };
}
