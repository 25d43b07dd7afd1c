export type { FetchSourceOptions, RequestHeaders } from './fetch-options.ts';
export { fetchSource } from './fetch-source.ts';
