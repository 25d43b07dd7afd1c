import { Option } from 'commander';

/** The options of every verb that changes a store: what its history says. */
export const noteOptions: readonly Option[] = [
  new Option('--comment <text>', 'why, for the history of the store'),
  new Option('--actor <name>', 'who, for the history; by default what Git or the system says'),
];
