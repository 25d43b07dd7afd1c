/** Stores and ports for tests: `@clarity/flags-testing`. */
export { faultyStore, type FaultyStore } from './faulty-store.ts';
export { manualFeed, type ManualFeed, type ManualFeedOptions } from './manual-feed.ts';
export { memoryCache, type MemoryCache, type MemoryCacheOptions } from './memory-cache.ts';
export { memoryStore, type MemoryStore, type MemoryStoreOptions } from './memory-store.ts';
export { type FeedEvent, recordingListener, type RecordingListener } from './recording-listener.ts';
export { recordingLogger, type RecordingLogger, silentLogger } from './recording-logger.ts';
export { recordingSink, type RecordingSink } from './recording-sink.ts';
export {
  type ScriptedRead,
  scriptedSource,
  type ScriptedSource,
  sourceSteps,
  type SourceStep,
} from './scripted-source.ts';
export { createTestClient, type TestFlagClient } from './test-client.ts';
export type { TestFlags } from './test-flags.ts';
