/** For Node's own HTTP server. */
export type { NodeListener, NodeListenerOptions } from './node/node-listener.ts';
export { nodeListener } from './node/node-listener.ts';
