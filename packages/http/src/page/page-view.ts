/**
 * What the program of the live page shows, as text: it is one program with page-script.ts. What is served by then may
 * be older than the connection, so no sentence here says more than the last state that was heard.
 */
export const PAGE_VIEW = String.raw`
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
  const timeOf = (iso) => new Date(iso).toLocaleTimeString();

  let health;
  let heardAt = 0;
  let values;
  let revision;

  const ORIGINS = { primary: 'of the store', fallback: 'of a fallback store', cache: 'of the cache', bootstrap: 'that the program brings along' };

  /** The state in a word, how good that is, and what it means for callers. */
  function standing(now) {
    const served = now.origin === null ? 'callers get their own fallbacks' : 'the flags ' + ORIGINS[now.origin.kind] + ' are served';
    if (now.closed) return ['closed', 'bad', 'The client is closed: ' + served + ', and nothing verifies them any more.'];
    switch (now.freshness) {
      case 'fresh': return ['fresh', 'good', 'Verified in time by the store.'];
      case 'degraded': return ['degraded', 'warn', 'Verified in time, but by a fallback store. What is published to the first store does not arrive.'];
      case 'stale': return ['stale', 'bad', (now.last_refresh === null ? 'No store has verified them yet: ' : 'Not verified for too long: ') + served + '.'];
      case 'never': return ['never', 'bad', 'There are no flags: callers get their own fallbacks.'];
      default: return [now.freshness, 'warn', ''];
    }
  }

  /** How late a change may be, as things are: the bound of good days says nothing in an outage. */
  function arrival(now) {
    const { healthy_seconds: healthy, after_outage_seconds: after } = now.bound;
    if (now.closed) return ['no more: the client is closed', 'bad'];
    if (healthy === null) return ['when somebody has the flags read', ''];
    if (now.freshness === 'degraded') return ['once the first store answers again', 'warn'];
    if (now.rejected_document !== null) return ['once a mended document is published', 'warn'];
    if (!now.config_stale && now.refresh_failures === 0 && now.circuit_breaker_state === 'closed') return ['within ' + healthy + ' s', ''];
    return ['once the store answers again, within ' + after + ' s', now.config_stale ? 'bad' : 'warn'];
  }

  function lost() {
    const since = health === undefined ? '' : ', showing the state of ' + timeOf(Date.now() - (performance.now() - heardAt));
    mark(find('connection'), 'Connection lost' + since, 'bad');
    document.title = '(connection lost) Feature flags';
    // Nobody knows how it stands now: green would be a claim.
    if (health !== undefined) mark(find('state'), 'was ' + standing(health)[0], 'warn');
  }

  function trouble(text) {
    say(find('trouble'), text);
    find('trouble').hidden = text === '';
  }

  function askForToken(why, { form = true, wrong = false }) {
    trouble('');
    find('live').hidden = true;
    find('leave').hidden = true;
    find('access').hidden = false;
    find('access-form').hidden = !form;
    find('access-note').hidden = !form;
    find('enter').disabled = false;
    say(find('access-why'), why);
    mark(find('connection'), 'Not connected', 'warn');
    document.title = 'Feature flags';
    const field = find('token');
    if (wrong) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
    field.select();
    (form ? field : find('access-title')).focus();
  }

  function checking() {
    find('enter').disabled = true;
    say(find('access-why'), 'Asking the server');
    mark(find('connection'), 'Connecting', '');
  }

  /** The first state of a connection was shown. */
  function entered(withToken) {
    find('leave').hidden = !withToken;
    if (find('access').hidden) return;
    find('access').hidden = true;
    find('token').value = '';
    find('enter').disabled = false;
    // The focus was in the form.
    find('trust-title').focus();
  }

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

  function wrong(name, found) {
    fact(name, found === null ? undefined : found.source + ': ' + found.message, 'bad', true);
  }

  function showHealth(now) {
    health = now;
    heardAt = performance.now();
    find('live').hidden = false;
    // In no color: that the page hears of the flags says nothing about them.
    mark(find('connection'), 'Connected', '');
    say(find('client'), now.client === null ? '' : 'Client ' + now.client);
    find('client').hidden = now.client === null;
    const [state, className, meaning] = standing(now);
    mark(find('state'), state, className);
    say(find('meaning'), meaning);
    document.title = (className === 'good' ? '' : '(' + state + ') ') + 'Feature flags';
    showAge();
    fact('Circuit breaker', now.circuit_breaker_state, now.circuit_breaker_state === 'closed' ? '' : 'bad');
    fact('Revision', now.revision === null ? 'none' : now.revision);
    fact('Origin', now.origin === null ? 'none' : now.origin.name + ' (' + now.origin.kind + ')');
    fact('Refresh mode', now.refresh_mode);
    fact('Change feed', now.feed, now.feed === 'down' ? 'bad' : now.feed === 'connecting' ? 'warn' : '');
    fact('Failures in a row', String(now.refresh_failures), now.refresh_failures > 0 ? 'warn' : '');
    fact('A change arrives', ...arrival(now));
    fact('Compiled flags', String(now.cache_size));
    wrong('Last error', now.last_error);
    wrong('Refused document', now.rejected_document);
    const gone = now.lost_writes;
    fact('Lost writes', gone === null ? undefined : gone.source + ' lost revision ' + gone.lost + ', found out at ' + new Date(gone.at).toLocaleString() + ' when ' + gone.adopted + ' took its place', 'bad', true);
    wrong('Change feed’s error', now.feed_error);
    wrong('Cache’s error', now.cache_error);
    const mismatched = now.mismatched_overrides;
    fact('Overrides of another type', mismatched.length === 0 ? undefined : mismatched.join(', ') + ': callers get their fallbacks', 'bad', true);
    fact('Warnings', now.warnings.length === 0 ? undefined : now.warnings.join('\n'), 'warn', true);
    say(find('refresh-note'), now.circuit_breaker_state === 'closed' ? '' : 'The circuit breaker is not closed. This is its probe: it closes if the store answers.');
    showAlerts(now.alerts);
  }

  function showAge() {
    if (health === undefined) return;
    const age = health.config_age_seconds;
    fact('Verified', age === null ? 'never' : span(age + (performance.now() - heardAt) / 1000) + ' ago, at ' + timeOf(health.last_refresh), health.config_stale ? 'bad' : '');
  }
  setInterval(showAge, 1000);

  function runbookOf(alert) {
    const link = make('a', 'What to do');
    link.href = alert.runbook_url;
    link.rel = 'noreferrer';
    // So that links can be told apart by a list of them.
    link.setAttribute('aria-label', 'What to do about ' + alert.name);
    const line = make('p');
    line.append(link);
    return line;
  }

  let alertsShown;
  function showAlerts(alerts) {
    const key = JSON.stringify(alerts.map(({ name, state }) => [name, state]));
    if (key === alertsShown) return;
    alertsShown = key;
    find('alerts').replaceChildren(...(alerts.length === 0 ? [make('li', 'None.')] : alerts.map((alert) => {
      const item = make('li');
      const badge = make('span', alert.state + ', ' + alert.severity, 'badge ' + (alert.severity === 'critical' ? 'bad' : 'warn'));
      item.append(badge, ' ', make('strong', alert.summary), ' ', make('code', alert.name), make('p', alert.description), runbookOf(alert));
      return item;
    })));
  }

  /** A key may break behind what parts its words, and inside a word only where that alone is too long. */
  function brokenAtWords(key) {
    return key.split(/(?<=[_.:/-])(?=.)|(?<=[a-z])(?=[A-Z])/u).flatMap((part, index) => (index === 0 ? [part] : [make('wbr'), part]));
  }

  const LONGEST_VALUE = 300;
  function valueOf(flag) {
    if (flag.value === true) return make('span', 'on', 'badge good');
    if (flag.value === false) return make('span', 'off', 'badge');
    const text = flag.value === null ? 'fallback' : JSON.stringify(flag.value);
    return make('code', text.length <= LONGEST_VALUE ? text : text.slice(0, LONGEST_VALUE) + '… (' + text.length + ' characters)');
  }

  /** What the document says, and above it what this instance does instead. */
  function doingsOf(flag) {
    const does = flag.set_aside ? 'set aside: this version cannot read it' : flag.does === null ? '' : flag.does;
    if (!flag.overridden) return [does];
    const until = flag.overridden_until === null ? '' : ' until ' + new Date(flag.overridden_until).toLocaleString();
    const override = make('span', 'overridden in this instance' + until, 'badge warn');
    return does === '' ? [override] : [override, ' above: ' + does];
  }

  function cell(name, role, ...content) {
    const element = make(name);
    element.setAttribute('role', role);
    element.append(...content);
    return element;
  }

  /** Whether two texts of a flag differ in nothing but what it does by now. */
  function risen(before, after) {
    return before !== undefined && JSON.stringify({ ...JSON.parse(before), does: '' }) === JSON.stringify({ ...JSON.parse(after), does: '' });
  }

  function showFlags(now) {
    const next = new Map(now.flags.map((flag) => [flag.key, JSON.stringify(flag)]));
    const changed = new Set();
    if (values !== undefined) {
      // A ramp rises by itself: only another document, or an override, is a change.
      const same = now.revision === revision;
      for (const [key, text] of next) if (values.get(key) !== text && !(same && risen(values.get(key), text))) changed.add(key);
      const gone = [...values.keys()].filter((key) => !next.has(key));
      if (changed.size + gone.length > 0) {
        say(find('news'), 'Changed at ' + new Date().toLocaleTimeString() + ': ' + [...changed, ...gone.map((key) => key + ' (gone)')].slice(0, 20).join(', '));
      }
    }
    values = next;
    revision = now.revision;
    find('flags').replaceChildren(...now.flags.map((flag) => {
      const key = cell('th', 'rowheader', ...brokenAtWords(flag.key));
      key.scope = 'row';
      const row = cell('tr', 'row', key, cell('td', 'cell', ...doingsOf(flag)), cell('td', 'cell', valueOf(flag)));
      row.dataset.key = flag.key;
      if (changed.has(flag.key)) row.className = 'changed';
      return row;
    }));
    filter();
  }

  function filter() {
    const typed = find('filter').value.trim();
    const part = typed.toLowerCase();
    let hits = 0;
    for (const row of find('flags').rows) {
      row.hidden = !row.dataset.key.toLowerCase().includes(part);
      if (!row.hidden) hits += 1;
    }
    find('table').hidden = hits === 0;
    find('no-hit').hidden = hits > 0;
    say(find('no-hit'), hits > 0 ? '' : values === undefined || values.size === 0 ? 'There are no flags.' : 'No key has “' + typed + '” in it. ' + values.size + ' flags are not shown.');
  }
  find('filter').addEventListener('input', filter);
`;
