/**
 * The most bytes that each entry may have after gzip -9: all its exports in one minified bundle, with what its package depends on, but without
 * peers, other packages of this family and Node's own modules. An entry that is not here fails `npm run size`.
 *
 * The first two were promised. The others are the size that each had, and some air: growth beyond it is to be somebody's decision.
 */
export const BUDGETS: Readonly<Record<string, number>> = {
  '@clarity/flags-core/evaluation': 6_000,
  '@clarity/flags-core/edge': 8_000,

  '@clarity/flags-core': 48_000,
  '@clarity/flags-core/edge-signals': 3_200,
  '@clarity/flags-core/document': 7_500,
  '@clarity/flags-core/explain': 8_500,
  '@clarity/flags-core/ports': 13_500,
  '@clarity/flags-core/effect': 35_000,
  '@clarity/flags-core/threads': 24_000,
  '@clarity/flags-cli/main': 16_000,
  '@clarity/flags-express': 2_500,
  '@clarity/flags-fetch': 7_500,
  '@clarity/flags-file': 8_500,
  '@clarity/flags-http': 19_500,
  '@clarity/flags-http/node': 2_500,
  '@clarity/flags-node': 5_000,
  '@clarity/flags-otlp': 7_500,
  '@clarity/flags-prometheus': 3_000,
  '@clarity/flags-redis': 8_500,
  '@clarity/flags-ssm': 12_500,
  '@clarity/flags-testing': 6_500,
  '@clarity/flags-testing/checks': 11_000,
  '@clarity/flags-testing/contracts': 11_000,
  '@clarity/flags-testing/ssm-server': 7_500,
  '@clarity/flags-testing/upstash-server': 4_000,
  '@clarity/flags-upstash': 6_000,
  '@clarity/flags-upstash/cloudflare': 5_000,
};
