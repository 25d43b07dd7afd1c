import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

/**
 * What the page may load and talk to: its own two inline blocks and its own server, and nothing may hold it in a frame.
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    // An empty icon, or the browser asks the server for one.
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

export interface PageParts {
  /** Base64, so it needs no escaping. */
  readonly nonce: string;
  /** What the paths of the routes end with. */
  readonly ending: '' | '/';
}

/** The page as text. It has no link to a route: only the browser knows by which address the page was found. */
export function pageHtml({ nonce, ending }: PageParts): string {
  return `<!doctype html>
<html lang="en" data-ending="${ending}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Feature flags</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>Feature flags</h1>
<p id="client" hidden></p>
<p id="connection" class="badge" role="status">Connecting</p>
<button id="leave" type="button" hidden>Forget the token</button>
</header>
<main>
<noscript><p>This page follows its server live and needs scripts for that. Without them, add <code>/health</code> to its address.</p></noscript>
<p id="trouble" role="status" hidden></p>
<section id="access" aria-labelledby="access-title" hidden>
<h2 id="access-title" tabindex="-1">Access</h2>
<p id="access-why" role="alert"></p>
<form id="access-form">
<label for="token">Token</label>
<input id="token" type="password" autocomplete="current-password" spellcheck="false" required aria-describedby="access-why access-note">
<button id="enter" type="submit">Show the flags</button>
</form>
<p id="access-note" class="note">It is kept in this browser tab until you close it.</p>
</section>
<div id="live" hidden>
<section aria-labelledby="trust-title">
<h2 id="trust-title" tabindex="-1">Can the flags be trusted?</h2>
<p id="verdict" role="status"><span id="state" class="badge"></span> <span id="meaning"></span></p>
<dl id="facts"></dl>
<p class="actions"><button id="refresh" type="button" aria-describedby="refresh-note">Refresh now</button> <span id="refreshed" role="status"></span></p>
<p id="refresh-note" class="note"></p>
</section>
<section aria-labelledby="alerts-title">
<h2 id="alerts-title">Alerts</h2>
<ul id="alerts"></ul>
</section>
<section aria-labelledby="flags-title">
<h2 id="flags-title">Flags</h2>
<p id="news" role="status"></p>
<p class="filter"><label for="filter">Show only keys with</label> <input id="filter" type="search" spellcheck="false"></p>
<table id="table" role="table" aria-labelledby="flags-title" aria-describedby="table-note">
<caption id="table-note">The value is that of a request without a targeting key. Rollouts and targeted users may get other ones.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Flag</th><th role="columnheader" scope="col">What it does</th><th role="columnheader" scope="col">Value</th></tr></thead>
<tbody id="flags" role="rowgroup"></tbody>
</table>
<p id="no-hit" role="status" hidden></p>
</section>
</div>
</main>
<script nonce="${nonce}">${PAGE_SCRIPT}</script>
</body>
</html>
`;
}
