// The timeline of an outage as an SVG, in the colours that the reader prefers: light or dark.
import type { Account } from './look.ts';

/** All that was seen. */
export interface Outage {
  readonly date: string;
  readonly seconds: { readonly before: number; readonly dead: number; readonly after: number };
  readonly pollS: number;
  readonly staleAfterS: number;
  readonly accounts: readonly Account[];
}

const [WIDTH, LEFT, RIGHT] = [860, 232, 92];
const [TOP, ROW, BAR] = [62, 46, 22];
/** Of a letter of 11 px in the widest common system font. */
const LETTER = 6.3;

/** What a client says when it notices: its own words for flags that nobody confirmed lately. */
const NOTICED = /stale|cached only|not /i;

const STYLE = `
text{font:12px system-ui,sans-serif;fill:#1f2328}.s{font-size:11px;fill:#59636e}.b{font-weight:600}.w{fill:#fff;font-size:11px}
.ok{fill:#2f6f4f}.no{fill:#b3430e}.dead{fill:#d1242f;fill-opacity:.13}.log{fill:#1f2328}.axis{stroke:#8c959f}.bg{fill:#fff}
@media(prefers-color-scheme:dark){text,.log{fill:#e6edf3}.s{fill:#9198a1}.w{fill:#fff}.dead{fill:#f85149;fill-opacity:.2}.bg{fill:#0d1117}}`;

/** The picture's text: everything in it was seen, in this one run. */
export function pictureOf(outage: Outage): string {
  const { before, dead, after } = outage.seconds;
  const total = before + dead + after;
  const at = (second: number): number => round(LEFT + (second / total) * (WIDTH - LEFT - RIGHT));
  const bottom = TOP + outage.accounts.length * ROW;
  const height = bottom + 62;
  const ticks = Array.from({ length: Math.floor(total / 30) + 1 }, (_, index) => index * 30);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 12 ${WIDTH + 24} ${height}" role="img" aria-label="${escaped(inWords(outage))}">
<style>${STYLE}
</style>
<rect class="bg" x="-12" y="12" width="${WIDTH + 24}" height="${height}" rx="8"/>
<rect class="dead" x="${at(before)}" y="30" width="${round(at(before + dead) - at(before))}" height="${bottom - 30}"/>
<text class="b" x="${round((at(before) + at(before + dead)) / 2)}" y="48" text-anchor="middle">the store is dead</text>
<text class="s" x="${WIDTH}" y="48" text-anchor="end">log lines</text>
${outage.accounts.map((account, index) => rowOf(account, TOP + index * ROW, at)).join('\n')}
<path class="axis" d="M${at(0)} ${bottom}H${at(total)}"/>
${ticks.map((second) => `<text class="s" x="${at(second)}" y="${bottom + 15}" text-anchor="middle">${second} s</text>`).join('\n')}
<text class="s" x="0" y="${bottom + 36}">${escaped(`Bars: what each client's own API says of itself, asked once a second. Dots: what it wrote to the log at warn and above, with its default logger.`)}</text>
<text class="s" x="0" y="${bottom + 52}">${escaped(`${answersOf(outage.accounts)} Polls every ${outage.pollS} s, or the client's stream; ours is told "stale after ${outage.staleAfterS} s". Seen on ${outage.date}.`)}</text>
</svg>
`;
}

function rowOf({ name, spans, lines }: Account, top: number, at: (second: number) => number): string {
  const bars = spans.map(({ says, fromS, untilS }) => {
    const width = round(at(untilS) - at(fromS));
    // The whole, its first word, or nothing: what fits. The whole is in the title and in the description.
    const label = [says, says.split(',')[0]!].find((words) => words.length * LETTER + 8 <= width);
    const text =
      label === undefined ? '' : `<text class="w" x="${at(fromS) + 6}" y="${top + 15}">${escaped(label)}</text>`;
    const title = `<title>${escaped(`${says}: ${fromS} to ${untilS} s`)}</title>`;
    return `<rect class="${NOTICED.test(says) ? 'no' : 'ok'}" x="${at(fromS)}" y="${top}" width="${Math.max(1, width - 1)}" height="${BAR}" rx="3">${title}</rect>${text}`;
  });
  const dots = lines.map(({ atS }) => `<circle class="log" cx="${at(atS + 0.5)}" cy="${top + BAR + 8}" r="3"/>`);
  const count = lines.reduce((sum, line) => sum + line.count, 0);
  return [
    `<text class="${name.startsWith('@clarity/') ? 'b' : ''}" x="0" y="${top + 15}">${escaped(name)}</text>`,
    ...bars,
    ...dots,
    `<text x="${WIDTH}" y="${top + 15}" text-anchor="end">${count === 0 ? 'none' : count}</text>`,
  ].join('');
}

function answersOf(accounts: readonly Account[]): string {
  const wrong = accounts.filter(({ alwaysOn }) => !alwaysOn).map(({ name }) => name);
  return wrong.length === 0 ? 'All kept answering with the last flags.' : `Wrong answers from: ${wrong.join(', ')}.`;
}

/** For those who cannot see it. */
function inWords({ seconds: { before, dead }, accounts }: Outage): string {
  const each = accounts.map(({ name, spans, lines }) => {
    const said = spans.map(({ says, fromS, untilS }) => `${says} from ${fromS} to ${untilS} s`).join(', ');
    const count = lines.reduce((sum, line) => sum + line.count, 0);
    return `${name}: ${said}; log lines: ${count}.`;
  });
  return `A store dies at ${before} s and is back at ${before + dead} s. ${each.join(' ')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
