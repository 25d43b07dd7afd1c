/** For Node's own HTTP server, and what is built on it: `@clarity/flags-http/node`. */
export type { NodeListener, NodeListenerOptions } from './node/node-listener.ts';
export { nodeListener } from './node/node-listener.ts';
