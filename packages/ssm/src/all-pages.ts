import { StoreError } from '@clarity/flags-core/ports';
import type { Page } from './ssm-calls.ts';

/** 10,000 parameters, which is all that an account may have by default. */
const MOST_PAGES = 1_000;

/**
 * Every item of every page. A page may be empty and still have a next token (F29); a token that comes again, or pages
 * without end, are refused (F31). `attempt` completes "cannot ...".
 */
export async function allPages<Item>(
  attempt: string,
  pageAt: (nextToken: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await pageAt(token);
    items.push(...page.items);
    token = page.nextToken;
    if (token === undefined) return items;
    if (seen.has(token)) throw endless(attempt, 'a next token came twice');
    seen.add(token);
  }
  throw endless(attempt, `there are more than ${MOST_PAGES} pages`);
}

function endless(attempt: string, found: string): StoreError {
  return new StoreError('unavailable', `cannot ${attempt}: ${found}; nothing was adopted of what came`);
}
