/**
 * The program of the live page, for browsers of the last few years. It is text because it is sent and not run here; the
 * live tests drive it in a real browser. The token stays in memory: a reload asks for it again.
 */
export const PAGE_SCRIPT = String.raw`
'use strict';
(() => {
  const find = (id) => document.getElementById(id);
  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className !== undefined) element.className = className;
    return element;
  };
  /** Written only when it differs, so that a screen reader is told of changes and of nothing else. */
  const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const mark = (element, text, className) => { say(element, text); element.className = 'badge ' + className; };

  const STATES = {
    fresh: ['good', 'Verified in time by the store.'],
    degraded: ['warn', 'Verified in time, but by a fallback store.'],
    stale: ['bad', 'Not verified for too long: the last good flags are served.'],
    never: ['bad', 'There are no flags: callers get their own fallbacks.'],
    closed: ['bad', 'The client is closed: the last good flags are served, and nothing verifies them any more.'],
  };

  const stateOf = (health) => (health.closed ? 'closed' : health.freshness);

  // A link may carry the token behind the hash, which browsers send to no server. It does not stay in the address.
  let token = new URLSearchParams(location.hash.slice(1)).get('token') || '';
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  let health;
  let heardAt = 0;
  let values;

  const headers = () => (token === '' ? {} : { Authorization: 'Bearer ' + token });
  const problemOf = async (response) => {
    const problem = await response.json().catch(() => ({}));
    return typeof problem.detail === 'string' ? problem.detail : 'The server answered ' + response.status + '.';
  };

  async function follow() {
    for (let failures = 0; ; ) {
      const heard = await listen().catch(() => false);
      if (heard === 'refused') return;
      failures = heard ? 0 : failures + 1;
      // A stream that ended by itself is begun again; whether the server is lost shows then.
      if (!heard) lost();
      await new Promise((resolve) => setTimeout(resolve, Math.min(30, 2 ** failures) * 500 * (1 + Math.random())));
    }
  }

  /** One connection, until it ends by itself: whether anything came, or 'refused'. One that breaks off throws. */
  async function listen() {
    const stop = new AbortController();
    let heard = false;
    let silence = setTimeout(() => stop.abort(), 30000);
    try {
      const response = await fetch('stream', { headers: headers(), signal: stop.signal, cache: 'no-store' });
      if (response.status === 401 || response.status === 403) {
        askForToken(await problemOf(response));
        return 'refused';
      }
      if (!response.ok) return false;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ''; ; ) {
        const { done, value } = await reader.read();
        if (done) return heard;
        const frames = (rest + value).split('\n\n');
        rest = frames.pop();
        for (const frame of frames) {
          const [, name, data] = /^event: (\w+)\ndata: ([^\n]*)$/.exec(frame) || [];
          if (name === 'freshness') showHealth(JSON.parse(data));
          if (name === 'flags') showFlags(JSON.parse(data));
          heard = true;
        }
        clearTimeout(silence);
        silence = setTimeout(() => stop.abort(), 2500 * ((health && health.heartbeat_seconds) || 8));
      }
    } finally {
      clearTimeout(silence);
      stop.abort();
    }
  }

  function askForToken(why) {
    find('live').hidden = true;
    find('access').hidden = false;
    say(find('access-why'), why);
    mark(find('connection'), 'Not connected', 'warn');
    find('token').focus();
  }

  function lost() {
    const since = health === undefined ? '' : ', showing the state of ' + new Date(Date.now() - (performance.now() - heardAt)).toLocaleTimeString();
    mark(find('connection'), 'Connection lost' + since, 'bad');
    document.title = '(connection lost) Feature flags';
    // Nobody knows how it stands now: green would be a claim.
    if (health !== undefined) mark(find('state'), 'was ' + stateOf(health), 'warn');
  }

  find('access-form').addEventListener('submit', (event) => {
    event.preventDefault();
    token = find('token').value.trim();
    find('token').value = '';
    find('access').hidden = true;
    mark(find('connection'), 'Connecting', '');
    follow();
  });

  function span(seconds) {
    if (seconds < 120) return Math.floor(seconds) + ' s';
    if (seconds < 7200) return Math.floor(seconds / 60) + ' min';
    return Math.floor(seconds / 3600) + ' h ' + (Math.floor(seconds / 60) % 60) + ' min';
  }

  const facts = new Map();
  function fact(name, text, className, wide) {
    let entry = facts.get(name);
    if (entry === undefined) {
      entry = make('div');
      if (wide) entry.className = 'wide';
      entry.append(make('dt', name), make('dd'));
      facts.set(name, entry);
      find('facts').append(entry);
    }
    entry.hidden = text === undefined;
    const value = entry.lastChild;
    say(value, text === undefined ? '' : text);
    value.className = className || '';
  }

  function trouble(name, found) {
    fact(name, found === null ? undefined : found.source + ': ' + found.message, 'bad', true);
  }

  function showHealth(now) {
    health = now;
    heardAt = performance.now();
    find('live').hidden = false;
    mark(find('connection'), 'Live', 'good');
    const state = stateOf(now);
    const [className, meaning] = STATES[state] || ['warn', ''];
    mark(find('state'), state, className);
    say(find('meaning'), meaning);
    document.title = (className === 'good' ? '' : '(' + state + ') ') + 'Feature flags';
    showAge();
    fact('Last refresh', now.last_refresh === null ? 'none' : new Date(now.last_refresh).toLocaleString());
    fact('Circuit breaker', now.circuit_breaker_state, now.circuit_breaker_state === 'closed' ? '' : 'bad');
    fact('Revision', now.revision === null ? 'none' : now.revision);
    fact('Origin', now.origin === null ? 'none' : now.origin.name + ' (' + now.origin.kind + ')');
    fact('Refresh mode', now.refresh_mode);
    fact('Change feed', now.feed, now.feed === 'down' ? 'bad' : now.feed === 'connecting' ? 'warn' : '');
    fact('Failures in a row', String(now.refresh_failures), now.refresh_failures > 0 ? 'warn' : '');
    fact('A change arrives within', now.bound.healthy_seconds === null ? 'no bound' : now.bound.healthy_seconds + ' s');
    fact('Compiled flags', String(now.cache_size));
    trouble('Last error', now.last_error);
    trouble('Refused document', now.rejected_document);
    const lost = now.lost_writes;
    fact('Lost writes', lost === null ? undefined : lost.source + ' lost revision ' + lost.lost + ', found out at ' + new Date(lost.at).toLocaleString() + ' when ' + lost.adopted + ' took its place', 'bad', true);
    trouble('Change feed’s error', now.feed_error);
    trouble('Cache’s error', now.cache_error);
    const mismatched = now.mismatched_overrides;
    fact('Overrides of another type', mismatched.length === 0 ? undefined : mismatched.join(', ') + ': callers get their fallbacks', 'bad', true);
    showAlerts(now.alerts);
  }

  function showAge() {
    if (health === undefined) return;
    const age = health.config_age_seconds;
    fact('Verified', age === null ? 'never' : span(age + (performance.now() - heardAt) / 1000) + ' ago', health.config_stale ? 'bad' : '');
  }
  setInterval(showAge, 1000);

  let alertsShown;
  function showAlerts(alerts) {
    const key = JSON.stringify(alerts.map(({ name, state }) => [name, state]));
    if (key === alertsShown) return;
    alertsShown = key;
    find('alerts').replaceChildren(...(alerts.length === 0 ? [make('li', 'None.')] : alerts.map((alert) => {
      const item = make('li');
      const badge = make('span', alert.state + ', ' + alert.severity, 'badge ' + (alert.severity === 'critical' ? 'bad' : 'warn'));
      item.append(badge, ' ', make('strong', alert.summary), ' ', make('code', alert.name), make('p', alert.description));
      return item;
    })));
  }

  function valueOf(flag) {
    if (flag.value === true) return make('span', 'on', 'badge good');
    if (flag.value === false) return make('span', 'off', 'badge');
    return make('code', flag.value === null ? 'fallback' : JSON.stringify(flag.value));
  }

  function showFlags({ flags }) {
    const next = new Map(flags.map((flag) => [flag.key, JSON.stringify(flag)]));
    const changed = new Set();
    if (values !== undefined) {
      for (const [key, text] of next) if (values.get(key) !== text) changed.add(key);
      const gone = [...values.keys()].filter((key) => !next.has(key));
      if (changed.size + gone.length > 0) {
        say(find('news'), 'Changed at ' + new Date().toLocaleTimeString() + ': ' + [...changed, ...gone.map((key) => key + ' (gone)')].slice(0, 20).join(', '));
      }
    }
    values = next;
    find('flags').replaceChildren(...flags.map((flag) => {
      const row = make('tr');
      row.dataset.key = flag.key;
      if (changed.has(flag.key)) row.className = 'changed';
      const key = make('th', flag.key);
      key.scope = 'row';
      const value = make('td');
      value.append(valueOf(flag));
      const remark = flag.overridden ? 'overridden'
        : flag.set_aside ? 'set aside: this version cannot read it'
        : flag.value === null ? 'for some users only; others get the fallback in the code' : '';
      row.append(key, value, make('td', remark));
      return row;
    }));
    filter();
  }

  function filter() {
    const part = find('filter').value.trim().toLowerCase();
    for (const row of find('flags').rows) row.hidden = !row.dataset.key.toLowerCase().includes(part);
  }
  find('filter').addEventListener('input', filter);

  find('refresh').addEventListener('click', async () => {
    const button = find('refresh');
    button.disabled = true;
    say(find('refreshed'), 'Asking the store');
    let outcome = 'The server does not answer.';
    try {
      const response = await fetch('refresh', { method: 'POST', headers: { ...headers(), 'Content-Type': 'application/json' }, body: '{}' });
      outcome = response.ok ? 'Done: ' + (await response.json()).outcome + '.' : await problemOf(response);
    } catch {}
    say(find('refreshed'), outcome);
    button.disabled = false;
  });

  follow();
})();
`;
