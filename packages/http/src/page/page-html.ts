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

/** The page as text. `nonce` is base64, so it needs no escaping. */
export function pageHtml(nonce: string): string {
  return `<!doctype html>
<html lang="en">
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
<p id="connection" class="badge" role="status">Connecting</p>
</header>
<main>
<noscript><p>This page follows its server live and needs scripts for that. Without them, ask the <a href="health">health route</a>.</p></noscript>
<section id="access" aria-labelledby="access-title" hidden>
<h2 id="access-title">Access</h2>
<p id="access-why"></p>
<form id="access-form">
<label for="token">Token</label>
<input id="token" type="password" autocomplete="current-password" spellcheck="false" required>
<button type="submit">Show the flags</button>
</form>
</section>
<div id="live" hidden>
<section aria-labelledby="trust-title">
<h2 id="trust-title">Can the flags be trusted?</h2>
<p id="verdict" role="status"><span id="state" class="badge"></span> <span id="meaning"></span></p>
<dl id="facts"></dl>
<p class="actions"><button id="refresh" type="button">Refresh now</button> <span id="refreshed" role="status"></span></p>
</section>
<section aria-labelledby="alerts-title">
<h2 id="alerts-title">Alerts</h2>
<ul id="alerts"></ul>
</section>
<section aria-labelledby="flags-title">
<h2 id="flags-title">Flags</h2>
<p id="news" role="status"></p>
<p class="filter"><label for="filter">Show only keys with</label> <input id="filter" type="search" spellcheck="false"></p>
<div class="table" role="region" aria-labelledby="flags-title" tabindex="0">
<table>
<caption>As a request without a targeting key gets them. Rollouts and targeted users may get other values.</caption>
<thead><tr><th scope="col">Flag</th><th scope="col">Value</th><th scope="col">Remark</th></tr></thead>
<tbody id="flags"></tbody>
</table>
</div>
</section>
</div>
</main>
<script nonce="${nonce}">${PAGE_SCRIPT}</script>
</body>
</html>
`;
}
