import { PAGE_VIEW } from './page-view.ts';

/**
 * The program of the live page, for browsers of the last few years. It is text because it is sent and not run here; the
 * live tests drive it in a real browser. Here is how it talks to its server; what it shows is in page-view.ts.
 */
export const PAGE_SCRIPT = String.raw`
'use strict';
(() => {
${PAGE_VIEW}
  // The page is found with and without a slash at its end, and below any path that a host puts before it.
  const base = location.pathname.replace(/\/*$/, '/');
  const at = (route) => base + route + document.documentElement.dataset.ending;

  /** The token of this tab, which a reload does not lose. A browser may keep nothing for us. */
  const kept = 'clarity-flags token ' + base;
  const keep = (text) => {
    try {
      if (text === '') sessionStorage.removeItem(kept);
      else sessionStorage.setItem(kept, text);
    } catch {}
  };
  const tokenOf = () => {
    try { return sessionStorage.getItem(kept) || ''; } catch { return ''; }
  };

  // A link may carry the token behind the hash, which browsers send to no server. It does not stay in the address.
  let token = new URLSearchParams(location.hash.slice(1)).get('token') || tokenOf();
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  /** The connection that is open, or the last one. */
  let connection = new AbortController();

  const headers = () => (token === '' ? {} : { Authorization: 'Bearer ' + token });
  const problemOf = (response) => response.json().catch(() => ({}));
  const detailOf = (problem, response) =>
    typeof problem.detail === 'string' ? problem.detail : 'The server answered ' + response.status + '.';

  /** Counts who follows. One who waits to connect again when the page is left does so no more. */
  let followers = 0;

  async function follow() {
    const own = ++followers;
    for (let failures = 0; own === followers; ) {
      const heard = await listen().catch(() => false);
      if (heard === 'refused' || own !== followers) return;
      failures = heard ? 0 : failures + 1;
      // A stream that ended by itself is begun again; whether the server is lost shows then.
      if (!heard) lost();
      await new Promise((resolve) => setTimeout(resolve, Math.min(30, 2 ** failures) * 500 * (1 + Math.random())));
    }
  }

  /** One connection, until it ends by itself: whether anything came, or 'refused'. One that breaks off throws. */
  async function listen() {
    const stop = new AbortController();
    connection = stop;
    let heard = false;
    let silence = setTimeout(() => stop.abort(), 30000);
    try {
      const response = await fetch(at('stream'), { headers: headers(), signal: stop.signal, cache: 'no-store' });
      if (response.status === 401 || response.status === 403) {
        refused(response.status, await problemOf(response));
        return 'refused';
      }
      if (!response.ok) {
        trouble(detailOf(await problemOf(response), response));
        return false;
      }
      trouble('');
      keep(token);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ''; ; ) {
        const { done, value } = await reader.read();
        if (stop.leaving) return 'refused';
        if (done) return heard;
        const frames = (rest + value).split('\n\n');
        rest = frames.pop();
        for (const frame of frames) {
          const [, name, data] = /^event: (\w+)\ndata: ([^\n]*)$/.exec(frame) || [];
          if (name === 'freshness') showHealth(JSON.parse(data));
          if (name === 'flags') showFlags(JSON.parse(data));
          if (!heard) entered(token !== '');
          heard = true;
        }
        clearTimeout(silence);
        silence = setTimeout(() => stop.abort(), 2500 * ((health && health.heartbeat_seconds) || 8));
      }
    } catch (error) {
      if (stop.leaving) return 'refused';
      throw error;
    } finally {
      clearTimeout(silence);
      stop.abort();
    }
  }

  function refused(status, problem) {
    const sent = token !== '';
    token = '';
    keep('');
    if (problem.closed === true) {
      askForToken('The application has not said who may see its flags: it gave these routes no authorizer.', { form: false });
    } else if (status === 403) {
      askForToken('The server does not let you see the flags.' + (problem.detail ? ' It says: ' + problem.detail : ''), { wrong: sent });
    } else if (sent) {
      askForToken('The server refused this token. See whether all of it was copied, or ask those who run this service.', { wrong: true });
    } else {
      askForToken('The flags are shown to those who have the token of this page. Those who run this service know it.', {});
    }
  }

  find('access-form').addEventListener('submit', (event) => {
    event.preventDefault();
    token = find('token').value.trim();
    if (token === '' || find('enter').disabled) return;
    checking();
    follow();
  });

  find('leave').addEventListener('click', () => {
    followers += 1;
    connection.leaving = true;
    connection.abort();
    token = '';
    keep('');
    askForToken('The token is forgotten.', {});
  });

  find('refresh').addEventListener('click', async () => {
    const button = find('refresh');
    button.disabled = true;
    say(find('refreshed'), 'Asking the store');
    let outcome = 'The server does not answer.';
    try {
      // Somebody asked for it by hand: an open circuit breaker lets it through as its probe.
      const response = await fetch(at('refresh'), { method: 'POST', headers: { ...headers(), 'Content-Type': 'application/json' }, body: '{"force":true}' });
      outcome = response.ok ? 'Done: ' + (await response.json()).outcome + '.' : detailOf(await problemOf(response), response);
    } catch {}
    say(find('refreshed'), outcome);
    button.disabled = false;
    // A button that was disabled has lost the focus.
    if (document.activeElement === document.body) button.focus();
  });

  follow();
})();
`;
