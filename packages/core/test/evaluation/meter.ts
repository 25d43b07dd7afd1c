import { COST, foldingCost, placingCost, searchCost } from '../../src/evaluation/work.ts';

/**
 * Counts the work that was done while `run` ran, in the units of evaluation, where it is done: in the language's own
 * functions. An operator that forgets to count what it does, or counts less than it does, is found out. Runs nothing
 * else beside it.
 */
export function metered(run: () => void): number {
  let units = 0;
  const { includes, startsWith, endsWith, toLowerCase } = String.prototype;
  const { exec } = RegExp.prototype;
  const { has } = Set.prototype;
  const { parse } = Date;
  const { imul } = Math;
  const { URL } = globalThis;
  /* eslint-disable no-extend-native -- for the length of one call */
  String.prototype.includes = function (wanted, from) {
    units += searchCost(String(this), wanted);
    return includes.call(this, wanted, from);
  };
  String.prototype.startsWith = function (wanted, from) {
    units += placingCost(wanted.length > this.length ? '' : wanted);
    return startsWith.call(this, wanted, from);
  };
  String.prototype.endsWith = function (wanted, end) {
    units += placingCost(wanted.length > this.length ? '' : wanted);
    return endsWith.call(this, wanted, end);
  };
  String.prototype.toLowerCase = function () {
    units += foldingCost(String(this));
    return toLowerCase.call(this);
  };
  // `test` comes here, too. One code point is a step of a pattern; the rest of a version is read by a sticky
  // expression.
  RegExp.prototype.exec = function (text) {
    if (text.length <= 2 && this.source[0] === '^') units += COST.step;
    else if (this.sticky) units += COST.prerelease + COST.prereleaseCharacter * (text.length - this.lastIndex);
    return exec.call(this, text);
  };
  Set.prototype.has = function (value) {
    units += 2;
    return has.call(this, value);
  };
  Date.parse = (text) => {
    units += COST.instant;
    return parse(text);
  };
  // Three for four bytes of a hash.
  Math.imul = (one, other) => {
    units += 1 / 6;
    return imul(one, other);
  };
  globalThis.URL = class extends URL {
    constructor(...given: ConstructorParameters<typeof URL>) {
      // The rest of it is counted where it is done.
      units += COST.address - 100;
      super(...given);
    }
  };
  try {
    run();
  } finally {
    Object.assign(String.prototype, { includes, startsWith, endsWith, toLowerCase });
    RegExp.prototype.exec = exec;
    Set.prototype.has = has;
    Date.parse = parse;
    Math.imul = imul;
    globalThis.URL = URL;
  }
  return Math.ceil(units);
}
