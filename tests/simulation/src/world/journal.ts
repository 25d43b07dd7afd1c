/** What happened in a history, for people. */
export class Journal {
  readonly lines: string[] = [];

  note(trueMs: number, text: string): void {
    this.lines.push(`${(trueMs / 1000).toFixed(3).padStart(12)} s  ${text}`);
  }
}
