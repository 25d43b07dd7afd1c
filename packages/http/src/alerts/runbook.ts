import { describeOption } from '@clarity/flags-core/adapter-kit';

/** Where this project's own runbook is published. */
const OWN = 'https://example.invalid/clarity-flags/blob/main/docs/operations/alerts.md';

/**
 * The address of the runbook, to which each alert adds its own section.
 *
 * @throws {TypeError} unless it is undefined, or an address of the web without a section.
 */
export function checkedRunbook(option: string | undefined): string {
  if (option === undefined) return OWN;
  if (typeof option === 'string' && /^https?:\/\/[^\s#]+$/.test(option) && URL.canParse(option)) return option;
  const found = typeof option === 'string' ? JSON.stringify(option.slice(0, 100)) : describeOption(option);
  throw new TypeError(
    `alerts.runbookUrl is ${found}; allowed is an address with http or https and without '#', such as ` +
      '"https://wiki.example.com/feature-flags"',
  );
}
