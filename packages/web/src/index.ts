/**
 * What every face over HTTP is made of. Each package that uses it copies it into its own files, so nothing here may be
 * kept at module level.
 */
export { bearerToken } from './access/bearer-token.ts';
export { gate } from './access/gate.ts';
export { isOfAnotherSite } from './access/other-site.ts';
export type { NamedCaller } from './access/verdicts.ts';
export { checkedActor, namedCaller, yes } from './access/verdicts.ts';
export { safeErrorListener } from './error-report.ts';
export { readJson } from './read-body.ts';
export { json, problem, redirect, text } from './responses.ts';
export { checkedPrefix } from './routing/prefix.ts';
export { router } from './routing/router.ts';
export type { RoutePath } from './routing/routes.ts';
export { at, under } from './routing/routes.ts';
export { eventAnswer, eventText } from './stream/event-answer.ts';
export { EventStream } from './stream/event-stream.ts';
export { SeparateStreams } from './stream/separate-streams.ts';
export type { StreamLimits } from './stream/stream-limits.ts';
export { checkedStreamLimits } from './stream/stream-limits.ts';
export type { Streams } from './stream/streams.ts';
